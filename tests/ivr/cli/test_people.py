"""`ivr people`, on a database and keys of its own, without models."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.errors import BadPerson, UnknownPerson, WeakPassword
from ivr.wiring import House

Ivr = Callable[..., Result]
PASSWORD = "vier blaue esel im regen"
ANNA = ("add", "anna", "--name", "Anna Beck", "--role", "agent")


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words, typed="": CliRunner().invoke(app, ["people", *words], input=typed)


@pytest.mark.parametrize("typed", ["", "\n", "kurz\n", "passwort1234\n"])
def test_a_weak_password_makes_no_account(ivr: Ivr, typed: str) -> None:
    assert isinstance(ivr(*ANNA, typed=typed).exception, WeakPassword)
    assert ivr("list").stdout == "There are no accounts.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("add", "anna"),
        ("add", "anna", "--name", "A"),
        ("add", "anna", "--name", "A", "--role", "overlord"),
        ("role", "anna"),
    ],
)
def test_who_and_what_for_must_be_said(ivr: Ivr, words: tuple[str, ...]) -> None:
    assert ivr(*words, typed=PASSWORD).exit_code == 2


def test_an_id_that_is_no_code_is_refused(ivr: Ivr) -> None:
    words = ("add", "Anna Beck", "--name", "Anna", "--role", "agent")

    assert isinstance(ivr(*words, typed=PASSWORD).exception, BadPerson)


@pytest.mark.parametrize("words", [("role", "x", "admin"), ("disable", "x"), ("password", "x")])
def test_nobody_is_changed_who_is_not_there(ivr: Ivr, words: tuple[str, ...]) -> None:
    assert isinstance(ivr(*words, typed=PASSWORD).exception, UnknownPerson)


def test_a_password_that_was_drawn_is_shown_once_and_kept_nowhere(ivr: Ivr, tmp_path: Path) -> None:
    done = ivr(*ANNA, "--generate")
    drawn = done.stdout.splitlines()[0]

    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert re.fullmatch(r"([0-9a-f]{5}-){5}[0-9a-f]{5}", drawn)
    assert drawn.encode() not in kept
    assert drawn not in ivr("list").output


def test_an_account_is_listed_changed_and_switched_off(ivr: Ivr) -> None:
    assert ivr(*ANNA, "--queue", "senior", typed=f"{PASSWORD}\n").exit_code == 0
    assert ivr("list").stdout == "anna  Anna Beck  agent  senior  on\n"
    assert ivr("role", "anna", "supervisor").exit_code == 0
    assert ivr("disable", "anna").exit_code == 0
    assert ivr("list").stdout == "anna  Anna Beck  supervisor  senior  off\n"
    assert ivr("enable", "anna").exit_code == 0
    assert ivr("password", "anna", typed="drei gelbe igel im gras\n").exit_code == 0

    changes = [
        dict(entry.details)["what"]
        for entry in House.from_environment().voices.records.trail.entries()
        if entry.kind == "person_changed"
    ]
    assert changes == ["added", "role", "disabled", "enabled", "password"]
