"""`ivr pin`, on a database and keys of its own, without models."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics import Outcome, SubjectId, Verdict
from ivr.call import Caller, CustomerId, PhoneNumber, Pinned
from ivr.cli import app
from ivr.errors import UnknownSubject, WeakPin
from ivr.identify.directory import Entry
from ivr.verify.evidence import Evidence
from ivr.wiring import House

KLAUS = SubjectId("s-7f3a")

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    klaus = Caller(
        customer_id=CustomerId("C-1"), subject=KLAUS, name="Klaus", birth_date=date(1958, 3, 7)
    )
    numbers = (PhoneNumber(e164="+4989123457"),)
    House.from_environment().directory.put([Entry(caller=klaus, numbers=numbers)])
    return lambda *words, typed="": CliRunner().invoke(app, list(words), input=typed)


def type_in_a_call(keys: str) -> Pinned | None:
    evidence = Evidence(subject=KLAUS, verdict=Verdict(outcome=Outcome.ACCEPTED))
    room = House.from_environment().voices.pins.room("service")
    return room.judge_pin(KLAUS, keys, evidence)


def test_nobody_outside_the_directory_gets_a_pin(ivr: Ivr) -> None:
    assert isinstance(ivr("pin", "set", "s-nobody", typed="8291\n").exception, UnknownSubject)


@pytest.mark.parametrize("digits", ["", "1234", "0703", "3457", "82 91"])
def test_a_weak_pin_is_not_set(ivr: Ivr, digits: str) -> None:
    assert isinstance(ivr("pin", "set", KLAUS, typed=f"{digits}\n").exception, WeakPin)
    assert ivr("pin", "show", KLAUS).stdout == "No PIN is set.\n"


def test_no_pin_is_taken_from_the_command_line(ivr: Ivr) -> None:
    assert ivr("pin", "set", KLAUS, "8291").exit_code == 2
    assert ivr("pin", "show", KLAUS).stdout == "No PIN is set.\n"


def test_what_is_not_set_is_neither_removed_nor_reset(ivr: Ivr) -> None:
    assert ivr("pin", "remove", KLAUS).stdout == "No PIN is set.\n"
    assert ivr("pin", "reset", KLAUS).stdout == "No PIN is set.\n"


def test_a_pin_is_set_locked_reset_and_removed(ivr: Ivr) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"

    assert ivr("pin", "set", KLAUS, typed="8291\n").stdout == "The PIN is set.\n"
    assert ivr("pin", "show", KLAUS).stdout == f"Set on {today}, 0 wrong in a row, open.\n"
    for keys in ("1111", "2222", "3333"):
        type_in_a_call(keys)
    locked = f"Set on {today}, 3 wrong in a row, locked until a person resets it.\n"
    assert ivr("pin", "show", KLAUS).stdout == locked
    assert type_in_a_call("8291") is Pinned.LOCKED
    assert ivr("pin", "reset", KLAUS).stdout == "Counted anew.\n"
    assert type_in_a_call("8291") is Pinned.PASSED
    assert ivr("pin", "remove", KLAUS).stdout == "The PIN is removed.\n"
    assert type_in_a_call("8291") is Pinned.NONE_SET


def test_who_did_what_is_in_the_trail(ivr: Ivr) -> None:
    ivr("pin", "set", KLAUS, typed="8291\n")
    type_in_a_call("8291")
    ivr("pin", "remove", KLAUS)

    trail = ivr("audit", "show", "--last", "100").stdout

    assert "operator  pin_set" in trail
    assert "service  pin_tried" in trail
    assert "operator  pin_removed" in trail


def test_no_digit_is_printed_logged_or_kept_as_it_is(
    ivr: Ivr, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = ivr("pin", "set", KLAUS, typed="60318274\n").output
        told += ivr("pin", "show", KLAUS).output
        told += ivr("audit", "show", "--last", "100").output
        type_in_a_call("60318274")

    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert "60318274" not in told + caplog.text
    assert b"60318274" not in kept


@pytest.mark.parametrize("how", ["erase", "opt-out"])
def test_a_pin_goes_with_the_voice(ivr: Ivr, how: str) -> None:
    ivr("pin", "set", KLAUS, typed="8291\n")

    assert ivr("voiceprint", how, KLAUS).exit_code == 0

    assert ivr("pin", "show", KLAUS).stdout == "No PIN is set.\n"


def test_a_pin_is_told_among_what_is_held_on_somebody(ivr: Ivr) -> None:
    ivr("pin", "set", KLAUS, typed="8291\n")
    type_in_a_call("1111")

    held = json.loads(ivr("voiceprint", "export", KLAUS).output)["attempts"]

    assert held == [{"kind": "pin", "failures": 1, "is_closed": False, "closed_until": None}]
