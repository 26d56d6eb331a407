"""`ivr attempts`, on a database and keys of its own, without models."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, PhoneNumber
from ivr.cli import app
from ivr.identify.directory import Entry
from ivr.verify.attempts import AttemptKeys, Locked
from ivr.wiring import House

KLAUS = AttemptKeys(subject=SubjectId("s-7f3a"), number="+4989123456", source="trunk")

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


def failed(times: int) -> None:
    house = House.from_environment()
    klaus = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-7f3a"), name="Klaus")
    numbers = (PhoneNumber(e164="+4989123456"),)
    house.directory.put([Entry(caller=klaus, numbers=numbers)])
    for _ in range(times):
        house.voices.doors.watched_by("service").failed(KLAUS, datetime.now(UTC))


def is_locked() -> bool:
    counts = House.from_environment().voices.doors.counts
    return isinstance(counts.may_try(KLAUS, datetime.now(UTC)), Locked)


def test_nothing_is_counted_at_first(ivr: Ivr) -> None:
    assert ivr("attempts", "show").stdout == "No door is closed.\n"
    assert ivr("attempts", "show", "s-7f3a").stdout == "No failed attempts are counted.\n"
    assert ivr("attempts", "reset", "s-7f3a").stdout == "No failed attempts were counted.\n"


def test_a_closed_door_is_shown_without_naming_anybody(ivr: Ivr) -> None:
    failed(50)

    shown = ivr("attempts", "show").stdout

    assert shown.count("50 failures  closed until a person resets it") == 3
    assert "s-7f3a" not in shown
    assert "+49" not in shown


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["s-7f3a"], ["subject", "number"]),
        (["+4989123456"], ["number"]),
        (["089 123456"], ["number"]),
        (["trunk", "--source"], ["source"]),
    ],
)
def test_one_can_be_asked_about(ivr: Ivr, asked: list[str], told: list[str]) -> None:
    failed(2)

    lines = ivr("attempts", "show", *asked).stdout.splitlines()

    assert [line.split()[0] for line in lines] == told
    assert all(line.endswith("2 failures  open") for line in lines)


def test_a_person_lets_a_customer_in_again_and_that_is_in_the_trail(ivr: Ivr) -> None:
    failed(50)

    assert ivr("attempts", "reset", "s-7f3a").stdout == "Counted anew: subject, number.\n"
    assert is_locked()
    assert ivr("attempts", "reset", "trunk", "--source").stdout == "Counted anew: source.\n"
    assert not is_locked()
    trail = ivr("audit", "show", "--last", "100").stdout
    assert trail.count("operator  released") == 3
    assert trail.count("service  locked_out") == 46
    assert "until=a_person_acts" in trail


def test_the_database_names_nobody(ivr: Ivr, tmp_path: Path) -> None:
    failed(1)

    written = (tmp_path / "rufwerk.db").read_bytes()
    rows = sqlite3.connect(tmp_path / "rufwerk.db").execute("SELECT * FROM attempts").fetchall()

    assert len(rows) == 3
    assert b"trunk" not in written
    assert "s-7f3a" not in str(rows)
    assert "4989123456" not in str(rows)
