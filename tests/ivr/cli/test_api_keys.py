"""`ivr api-keys`, on a database and keys of its own, without models."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.errors import BadApiKey, UnknownApiKey
from ivr.service.making_api_keys import digest_of
from ivr.wiring import House

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, ["api-keys", *words])


def secret_of(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()[0]


def is_kept(secret: str) -> bool:
    digest = digest_of(secret.encode())
    return digest is not None and House.from_environment().api_keys.keys.find(digest) is not None


@pytest.mark.parametrize(
    "words",
    [("add",), ("add", "pbx-1"), ("add", "pbx-1", "--scope", "everything"), ("rotate",)],
)
def test_who_and_what_for_must_be_said(ivr: Ivr, words: tuple[str, ...]) -> None:
    assert ivr(*words).exit_code == 2
    assert ivr("list").stdout == "No keys are kept.\n"


def test_what_is_not_there_is_neither_revoked_nor_rotated(ivr: Ivr) -> None:
    assert isinstance(ivr("revoke", "k0").exception, UnknownApiKey)
    assert isinstance(ivr("rotate", "pbx-1").exception, UnknownApiKey)


def test_a_secret_is_shown_once_and_kept_nowhere(ivr: Ivr, tmp_path: Path) -> None:
    secret = secret_of(ivr("add", "pbx-1", "--scope", "calls"))

    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert is_kept(secret)
    assert secret.encode() not in kept
    assert secret not in ivr("list").output


def test_a_key_is_listed_rotated_and_revoked(ivr: Ivr) -> None:
    old = secret_of(ivr("add", "pbx-1", "--scope", "gateways", "--scope", "calls", "--days", "0"))
    line = r"k[0-9a-f]{8}  pbx-1  valid  calls,gateways  used never\n"
    assert re.fullmatch(line, ivr("list").stdout)

    new = secret_of(ivr("rotate", "pbx-1"))

    assert new != old
    first, second = ivr("list").stdout.splitlines()
    assert "  until 2" in first
    assert "  valid  " in second
    assert isinstance(ivr("rotate", "pbx-1").exception, BadApiKey)
    assert ivr("revoke", first.split()[0]).stdout == "Revoked.\n"
    assert "  revoked 2" in ivr("list").stdout.splitlines()[0]


def test_who_made_which_key_is_in_the_trail(ivr: Ivr) -> None:
    ivr("add", "pbx-1", "--scope", "calls")
    key_id = ivr("list").stdout.split()[0]

    trail = CliRunner().invoke(app, ["audit", "show", "--last", "10"]).stdout

    assert re.search(rf"operator  key_changed .*key={key_id}.*what=api_key_added", trail), trail
