"""Secrets of sources stand in places of their own."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from ivr.errors import BadSources
from ivr.identify.secret import Secret


@pytest.mark.parametrize("written", [{}, {"secret_env": "A", "secret_file": "b"}])
def test_a_secret_stands_in_one_place(written: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either secret_env"):
        Secret.model_validate(written)


@pytest.mark.parametrize("held", [None, "", " \n", "new\nline", "schlüssel"])
def test_what_is_no_secret_is_asked_for_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, held: str | None
) -> None:
    monkeypatch.delenv("CRM_TOKEN", raising=False)
    if held is not None:
        monkeypatch.setenv("CRM_TOKEN", held)

    with pytest.raises(BadSources, match="CRM_TOKEN must hold") as refusal:
        Secret(secret_env="CRM_TOKEN").read()

    assert not (held and held.strip()) or held.strip() not in str(refusal.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSources, match="none"):
        Secret(secret_file=tmp_path / "none").read()


def test_a_secret_comes_with_what_begins_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CRM_TOKEN", "t0ken")
    (tmp_path / "crm").write_text("f1le\n")

    assert Secret(begins="Bearer ", secret_env="CRM_TOKEN").read() == "Bearer t0ken"
    assert Secret(secret_file=tmp_path / "crm").read() == "f1le"
