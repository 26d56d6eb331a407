"""Secrets come from files or the environment, are never printed and never on a command line."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from ivr.cli import app
from ivr.errors import BadSettings
from ivr.settings import Settings, read_settings
from ivr.settings.secret_files import secrets_of, variable

SECRETS = sorted(map(variable, secrets_of(Settings)))
SECRET = "postgresql://nobody:s3cret-s3cret-s3cret-s3cret@db/x"

every_secret = pytest.mark.parametrize("name", SECRETS)


def value_of(settings: Any, name: str) -> object:
    found = settings
    for step in name.removeprefix("IVR_").lower().split("__"):
        found = getattr(found, step)
    return found


def texts(settings: Any) -> Iterator[tuple[str, str]]:
    """Every text that is printed with the settings, by its name."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        if is_dataclass(value):
            yield from texts(value)
        elif field.repr and "str" in str(field.type):
            yield field.name, str(value)


def test_these_are_the_secrets() -> None:
    assert SECRETS == [
        "IVR_DATABASE_URL",
        "IVR_GATEWAYS__FREESWITCH__SECRET",
        "IVR_GATEWAYS__JAMBONZ__SECRETS",
        "IVR_GATEWAYS__JAMBONZ__SPEECH_KEY",
        "IVR_GATEWAYS__PHONE__TOKEN",
        "IVR_GATEWAYS__TWILIO__TOKENS",
        "IVR_KEYS__DATABASE",
        "IVR_KEYS__MASTER",
        "IVR_REACH__MAIL_PASSWORD",
        "IVR_REACH__WEBHOOK_SECRET",
        "IVR_SEEING__TRACES_URL",
        "IVR_SERVICE__TOKEN",
    ]


def test_nothing_that_is_called_like_a_secret_is_printed() -> None:
    """A setting that is added with such a name needs `repr=False`, or a place in this list."""
    harmless = {"tls_key", "telnyx_keys", "keys"}  # a file's name, and public keys

    names = {name for name, _ in texts(Settings())}

    assert len(names) > 20
    called = {name for name in names if re.search("secret|token|password|passwd|key|master", name)}
    assert called - harmless == set()


@every_secret
def test_a_file_that_cannot_be_used_is_told_without_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    empty = tmp_path / "empty"
    empty.write_text(" \n")
    for file in (tmp_path / "missing", tmp_path, empty, Path("/dev/zero")):
        monkeypatch.setenv(f"{name}_FILE", str(file))
        with pytest.raises(BadSettings, match=f"{name}_FILE") as refusal:
            read_settings()
        assert str(file) not in str(refusal.value)


@every_secret
def test_a_secret_that_is_set_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    monkeypatch.setenv(name, "another")
    monkeypatch.setenv(f"{name}_FILE", str(file))

    with pytest.raises(BadSettings, match="both set"):
        read_settings()


@every_secret
def test_every_secret_may_lie_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    monkeypatch.setenv("IVR_SERVICE__PORT", "8081")
    monkeypatch.setenv(f"{name}_FILE", str(file))

    settings = read_settings()

    assert (value_of(settings, name), settings.service.port) == (SECRET, 8081)


@every_secret
def test_no_secret_is_printed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)

    settings = read_settings()

    assert value_of(settings, name) == SECRET
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(settings)


def test_no_command_takes_a_secret_as_an_argument() -> None:
    """Arguments of a process are seen by everybody on the machine."""
    named = [
        (path, option)
        for path, command in _commands(get_command(app))
        for one in command.params
        for option in one.opts
        if re.search("secret|token|passw|pin$|master", option.removeprefix("--"))
    ]

    assert named == []


def _commands(command: Any, path: str = "ivr") -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{path} {name}")
