from pathlib import Path

import pytest

from ivr.errors import BadSettings
from ivr.settings import read_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IVR_LISTEN__LONGEST_TURN_MS", "long"),
        ("IVR_LISTEN__CHANNEL", "middle"),
        ("IVR_SERVICE__PORT", "eighty"),
        ("IVR_SPEAK__DEFAULT_LANGUAGE", "fr"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings, match=name) as refusal:
        read_settings()

    assert value not in str(refusal.value).replace(name, "")


@pytest.mark.parametrize("token", ["", "  "])
def test_an_empty_token_is_no_token(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("IVR_SERVICE__TOKEN", token)

    with pytest.raises(BadSettings, match="IVR_SERVICE__TOKEN"):
        read_settings()


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    monkeypatch.setenv("IVR_LISTEN__LONGEST_TURN_MS", "5000")
    monkeypatch.setenv("IVR_SERVICE__TOKEN", "secret")

    settings = read_settings()

    assert (tmp_path / "models", f"sqlite:///{tmp_path}/rufwerk.db", 5000, "secret") == (
        settings.models_home,
        settings.database,
        settings.listen.longest_turn_ms,
        settings.service.token,
    )
    assert "secret" not in repr(settings)
