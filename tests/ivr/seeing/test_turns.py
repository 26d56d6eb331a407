"""What turns and calls add to the figures: the real switchboard over scripted rooms."""

from datetime import UTC, datetime

import pytest
from fakes.scripted import HEARD, scripted_rooms

from biometrics import Outcome, Verdict
from ivr.call import CallId, HangUp, Language, Line, OutOfScope, PhoneNumber, Queue, Transcript
from ivr.decide.moment import Decision, Moment, decided
from ivr.errors import NoRecogniser, UnreadableAudio
from ivr.pipeline import Pipeline
from ivr.rooms import Rooms
from ivr.seeing import measures
from ivr.seeing.memory_meter import MemoryMeter
from ivr.seeing.turns import CountedTurns
from ivr.switchboard import Switchboard, Witnesses
from ivr.turn import Turn
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KNOWN = {"code": frozenset({"no_recogniser"})}


def played(rooms: Rooms, *, gateway: str = "rest", turns: int = 1) -> MemoryMeter:
    """A call of some turns, after which the caller hangs up."""
    meter = MemoryMeter(KNOWN)
    counted = CountedTurns(meter=meter)
    board = Switchboard(
        Pipeline(rooms, default_language=Language.GERMAN),
        capacity=5,
        witnesses=Witnesses(answered=counted.answered, chronicle=counted.over),
    )
    turn = Turn(
        call_id=CallId("c-1"),
        number=PhoneNumber(e164="+4989123456"),
        audio=b"...",
        gateway=gateway,
    )
    for _ in range(turns):
        board.take(turn, now=NOW)
    board.forget(turn.call_id)
    board.close()
    return meter


def test_a_recording_that_is_refused_is_no_turn() -> None:
    def refuse(_: bytes) -> object:
        raise UnreadableAudio("This is no WAV file.")

    with pytest.raises(UnreadableAudio):
        played(scripted_rooms(listen=refuse))


def test_turns_are_counted_by_what_was_answered() -> None:
    meter = played(scripted_rooms(), turns=2)

    assert meter.counted(measures.TURNS, "rest", "say", "known") == 2
    assert meter.counted(measures.VERIFICATIONS, "not_enrolled") == 2
    assert meter.counted(measures.CALLS, "rest", "hung_up") == 1


def test_a_gateway_that_nobody_knows_is_told_as_other() -> None:
    meter = played(scripted_rooms(), gateway="+4989123456")

    assert meter.counted(measures.TURNS, "other", "say", "known") == 1
    assert b"4989" not in meter.scrape()


@pytest.mark.parametrize(
    ("rooms", "told"),
    [
        ({"understand": lambda *_: OutOfScope(confidence=0.9)}, "unknown"),
        ({"understand": lambda *_: None}, "nothing"),
    ],
)
def test_of_an_intent_only_whether_it_is_known_is_told(rooms: dict[str, object], told: str) -> None:
    meter = played(scripted_rooms(**rooms))  # type: ignore[arg-type]

    assert meter.counted(measures.TURNS, "rest", "say", told) == 1


def test_every_stage_is_timed_once_a_turn() -> None:
    meter = played(scripted_rooms(), turns=3)

    stages = ("listen", "identify", "verify", "transcribe", "understand", "decide", "speak")
    assert {stage: len(meter.timed(measures.STAGE, stage)) for stage in stages} == dict.fromkeys(
        stages, 3
    )
    whole = meter.timed(measures.TURN)
    assert len(whole) == 3
    assert min(whole) >= max(meter.timed(measures.STAGE, "decide")[:1])


def test_a_turn_in_which_a_room_breaks_is_a_failure_and_proves_nothing() -> None:
    def broken(*_: object) -> object:
        raise NoRecogniser("No recogniser is here.")

    meter = played(scripted_rooms(understand=broken))

    assert meter.counted(measures.FAILURES, "no_recogniser") == 1
    assert meter.counted(measures.CALLS, "rest", "failed") == 1
    assert meter.counted(measures.VERIFICATIONS, "inconclusive") == 0


def test_codes_of_libraries_are_told_as_other() -> None:
    class Odd(Exception):  # noqa: N818 - as libraries name theirs
        code = "Klaus said 1234"

    def broken(*_: object) -> object:
        raise Odd

    meter = played(scripted_rooms(decide=broken))

    assert meter.counted(measures.FAILURES, "other") == 1
    assert b"Klaus" not in meter.scrape()


def test_who_is_locked_out_and_who_is_suspected_is_counted() -> None:
    def locked(*_: object) -> Evidence:
        verdict = Verdict(outcome=Outcome.INCONCLUSIVE, reasons=("locked after failed attempts",))
        return Evidence(subject=None, verdict=verdict)

    def spoof(*_: object) -> Evidence:
        return Evidence(subject=None, verdict=Verdict(outcome=Outcome.SPOOF_SUSPECTED))

    assert played(scripted_rooms(verify=locked)).counted(measures.LOCKED) == 1
    suspected = played(scripted_rooms(verify=spoof))
    assert suspected.counted(measures.VERIFICATIONS, "spoof_suspected") == 1
    assert suspected.counted(measures.LOCKED) == 0


def test_why_the_quicker_recogniser_answered_is_counted() -> None:
    def quick(*_: object) -> Transcript:
        return Transcript(
            text=HEARD.text,
            language=Language.GERMAN,
            confidence=0.5,
            engine="vosk",
            fallback="deadline",
        )

    meter = played(scripted_rooms(transcribe=quick))

    assert meter.counted(measures.FALLBACKS, "deadline") == 1


@pytest.mark.parametrize(
    ("action", "kind", "ending"),
    [
        (Queue(lines=(Line(key="x"),), queue="agents", priority=50), "queue", "handed_over"),
        (HangUp(lines=(Line(key="x"),)), "hangup", "hung_up"),
    ],
)
def test_calls_are_counted_by_what_came_of_them(
    action: Queue | HangUp, kind: str, ending: str
) -> None:
    def over(moment: Moment) -> Decision:
        return decided(moment, action, "a reason")

    meter = played(scripted_rooms(decide=over))

    assert meter.counted(measures.TURNS, "rest", kind, "known") == 1
    assert meter.counted(measures.CALLS, "rest", ending) == 1
