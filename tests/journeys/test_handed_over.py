"""A call that goes to a person is known there, waits in its queue and is written down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from biometrics import StoreUnavailable
from ivr.call import CustomerId
from ivr.journal.record import CallRecord, Outcome
from ivr.queue.entry import AgentId, Entry, digest
from ivr.queue.entry import ContextToken as Token
from ivr.rehearsal import PlannedCall, play, read_script
from ivr.result import Result
from ivr.wiring import House

SCRIPT = read_script(Path(__file__).parents[2] / "audio_fixtures")
ANNA = AgentId("anna")


def call_to(queue: str) -> PlannedCall:
    return next(call for call in SCRIPT.calls if call.turns[-1].queue == queue)


def played(call: PlannedCall, house: House, fixtures: Path) -> Result:
    done = play(call, fixtures, house.switchboard, house.read_number)
    done_after = Event()
    house.switchboard._afterwards.do(done_after.set)
    assert done_after.wait(30)  # what is done after calls is done
    result = done.turns[-1].result
    assert result is not None
    return result


def waiting(house: House, token: str) -> list[Entry]:
    everybody = house.room.waiting(now=datetime.now(UTC))
    return [entry for entry in everybody if entry.token_digest == digest(Token(token))]


def written(house: House, customer: str) -> CallRecord:
    mark = house.handing_over.mark(CustomerId(customer))
    return house.journal.of_customer(mark, most=1)[0]


def test_a_stranger_is_not_told_apart_and_nobody_learns_a_name(
    house: House, fixtures: Path
) -> None:
    token = played(call_to("vip"), house, fixtures).action.context_token
    assert token is not None

    context = house.handing_over.find(token, datetime.now(UTC))
    assert context is not None
    assert context.evidence.decision == "not_enrolled"
    assert context.next_step == "prove_before_personal"
    assert house.handing_over.find(token[:-1] + "-", datetime.now(UTC)) is None


def test_who_takes_a_call_finds_it_known(house: House, fixtures: Path) -> None:
    result = played(call_to("senior"), house, fixtures)
    token = result.action.context_token
    assert token is not None

    (entry,) = waiting(house, token)
    assert (entry.queue, entry.priority) == ("senior", 80)
    assert "Erna" not in repr(entry)

    claimed = house.room.claim(entry.id, ANNA, datetime.now(UTC))
    assert claimed is not None
    assert house.room.claim(entry.id, AgentId("ben"), datetime.now(UTC)) is None

    context = house.handing_over.contexts.of_digest(claimed.token_digest, datetime.now(UTC))
    assert context is not None
    assert context.customer is not None
    assert context.customer.name == "Erna"
    assert context.evidence.decision == "accepted"
    # Elsewhere in this house the same recording may have been played before, and is known again.
    was_heard_before = bool(context.evidence.signs)
    assert context.next_step == ("prove_before_anything" if was_heard_before else "go_on")
    assert context.said[-1].caller == result.transcript.text
    assert context.said[-1].machine.startswith("Hallo Erna.")
    assert (context.intent, context.queue) == ("baggage_allowance", "senior")
    assert any("65" in reason for reason in context.reasons)

    record = written(house, context.customer.id)
    assert record.token == claimed.token_digest
    assert (record.outcome, record.queue) == (Outcome.HANDED_OVER, "senior")
    assert "Erna" not in repr(record)


def test_the_person_hears_in_some_seconds_whom_they_get(house: House, fixtures: Path) -> None:
    token = played(call_to("senior"), house, fixtures).action.context_token
    assert token is not None

    sound = house.handing_over.whisper(token, datetime.now(UTC))

    assert sound is not None
    seconds = len(sound.samples) / sound.rate_hz
    assert 2 < seconds < 10
    assert house.handing_over.whisper("no-such-token", datetime.now(UTC)) is None


def test_the_next_call_tells_of_the_one_before(house: House, fixtures: Path) -> None:
    played(call_to("senior"), house, fixtures)
    token = played(call_to("senior"), house, fixtures).action.context_token
    assert token is not None

    context = house.handing_over.find(token, datetime.now(UTC))

    assert context is not None
    assert context.earlier[0].intent == "baggage_allowance"
    assert context.earlier[0].outcome == "handed_over"
    assert datetime.now(UTC) - context.earlier[0].at < timedelta(hours=1)


def test_with_the_store_gone_the_caller_is_handed_over_all_the_same(
    house: House, fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise StoreUnavailable("The store is gone.")

    monkeypatch.setattr(house.handing_over.contexts, "put", gone)
    monkeypatch.setattr(house.room, "join", gone)
    monkeypatch.setattr(house.journal, "write", gone)

    result = played(call_to("senior"), house, fixtures)

    assert (result.action.type, result.action.queue) == ("queue", "senior")
