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


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"FMR": "0.001", "PRIOR": "0.5"}, "FMR and IVR_VERIFY__PRIOR contradict"),
        ({"COST_FALSE_ACCEPT": "10"}, "count only with IVR_VERIFY__PRIOR"),
        ({"FMR": "0.001", "COST_FALSE_REJECT": "2"}, "count only with IVR_VERIFY__PRIOR"),
        ({"FMR": "0"}, "IVR_VERIFY__FMR"),
        ({"FMR": "1"}, "IVR_VERIFY__FMR"),
        ({"PRIOR": "1"}, "IVR_VERIFY__PRIOR"),
        ({"PRIOR": "0.5", "COST_FALSE_ACCEPT": "0"}, "IVR_VERIFY__COST_FALSE_ACCEPT"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], named: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"IVR_VERIFY__{name}", value)

    with pytest.raises(BadSettings, match=named):
        read_settings()


def test_a_prior_and_costs_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_VERIFY__PRIOR", "0.9")
    monkeypatch.setenv("IVR_VERIFY__COST_FALSE_ACCEPT", "50")

    verify = read_settings().verify

    assert (verify.fmr, verify.prior, verify.cost_false_accept) == (None, 0.9, 50.0)
