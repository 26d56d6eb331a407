"""Every fixture call, through the command line and over HTTP, whole results compared."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from ivr.cli import app
from ivr.rehearsal import PlannedCall, play, read_script
from ivr.serve.demo.backend import Conduct
from ivr.wiring import House

from .expected import compared
from .houses import fresh_backend

SCRIPT = read_script(Path(__file__).parents[2] / "audio_fixtures")


@pytest.fixture(autouse=True)
def nothing_was_done_before(house: House) -> None:
    """Prompts name days, and what one call changes would be there in the next."""
    fresh_backend(house, Conduct(today=lambda: date(2030, 3, 4)))


def slug(call: PlannedCall) -> str:
    return re.sub(r"[^a-z0-9]+", "-", call.name.lower()).strip("-")


every_call = pytest.mark.parametrize("call", SCRIPT.calls, ids=slug)


@every_call
def test_a_call_goes_as_planned(call: PlannedCall, house: House, fixtures: Path) -> None:
    played = play(call, fixtures, house.switchboard, house.read_number)

    assert played.surprises == ()


@every_call
def test_a_call_over_http_answers_the_approved_results(
    call: PlannedCall, house: House, fixtures: Path
) -> None:
    client = TestClient(house.service())
    turns = []
    call_id = ""
    for turn in call.turns:
        recording = (fixtures / turn.recording).read_bytes()
        answer = client.post(
            "/v1/calls",
            data={"from": call.number, "call_id": call_id},
            files={"audio": (turn.recording, recording, "audio/wav")},
        )
        turns.append(answer.json())
        call_id = turns[-1].get("call_id", "")

    compared(slug(call), turns)


@every_call
def test_a_call_on_the_command_line_answers_the_same(
    call: PlannedCall, house: House, fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(House, "from_environment", lambda **_: house)
    monkeypatch.setattr(house, "close", lambda: None)  # shared with the other tests
    wavs = [str(fixtures / turn.recording) for turn in call.turns]

    done = CliRunner().invoke(app, ["call", *wavs, "--from", call.number, "--json"])

    if call.turns[0].error:
        assert getattr(done.exception, "code", None) == call.turns[0].error
        return
    assert done.exit_code == 0
    compared(slug(call), [json.loads(line) for line in done.stdout.splitlines()])
