"""`ivr actions`, against the demo back end, without models."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.errors import BadActions, BadSettings, NoBusinessSystem

Ivr = Callable[..., Result]

REBOOK = ("try", "rebook_flight", "--customer", "C-1001")


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    monkeypatch.setenv("IVR_SERVE__DEMO", "true")
    monkeypatch.delenv("BACKEND_TOKEN", raising=False)
    return lambda *words: CliRunner().invoke(app, ["actions", *words])


@pytest.mark.parametrize("slot", ["flight", "=LH815", "flight="])
def test_a_slot_that_cannot_be_read_is_refused(ivr: Ivr, slot: str) -> None:
    assert ivr(*REBOOK, "--slot", slot).exit_code == 2


def test_without_a_business_system_nothing_is_tried(
    ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_SERVE__DEMO", "false")

    assert isinstance(ivr(*REBOOK).exception, NoBusinessSystem)
    assert ivr("list").stdout == "No business system is set.\n"
    assert ivr("check").exit_code == 1


def test_a_file_that_cannot_be_used_is_told(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_SERVE__BUSINESS_FILE", str(tmp_path / "none.yaml"))

    assert isinstance(ivr("check").exception, BadActions)


def test_the_demo_back_end_needs_a_token(ivr: Ivr) -> None:
    del ivr  # sets the environment

    assert isinstance(CliRunner().invoke(app, ["backend"]).exception, BadSettings)


def test_what_needs_the_voice_is_not_done_without(ivr: Ivr) -> None:
    answer = ivr(*REBOOK, "--slot", "flight=LH453", "--slot", "date=2026-11-26")

    assert (answer.exit_code, answer.stdout.splitlines()[0]) == (1, "declined: assurance_too_low")


def test_actions_are_listed_with_what_they_need(ivr: Ivr) -> None:
    listed = " ".join(ivr("list", "--pack", "bank").stdout.split())

    assert "replace_card voice_and_second_factor card_last4" in listed


def test_the_business_system_is_asked_whether_it_is_there(ivr: Ivr) -> None:
    answer = ivr("check", "--pack", "retail")

    assert (answer.exit_code, answer.stdout.splitlines()) == (
        0,
        ["5 actions of retail can be asked for.", "The business system answers."],
    )


def test_an_action_is_tried_for_real(ivr: Ivr) -> None:
    options = ivr(*REBOOK, "--assurance", "voice", "--step", "options")
    status = ivr("try", "flight_status", "--slot", "flight=BA902")

    assert options.exit_code == 0
    assert re.findall(r"flight: (\w+)", options.stdout) == ["LH453", "LH457", "UA962"]
    assert status.stdout.splitlines()[0] == "done"
    assert "status_key: word.delayed" in status.stdout
