"""One trace a call: what the real switchboard over scripted rooms tells."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from fakes.scripted import scripted_rooms

from ivr.call import CallId, Intent, Language, PhoneNumber
from ivr.marks import call_mark, current
from ivr.pipeline import Pipeline
from ivr.rooms import Rooms
from ivr.seeing.spans import Span, TracedCalls
from ivr.switchboard import Switchboard, Witnesses
from ivr.turn import Answer, Turn

NOW = datetime(2026, 3, 10, tzinfo=UTC)
CALL = CallId("4989123456@pbx")


@dataclass
class Kept:
    spans: list[Span] = field(default_factory=list)

    def tell(self, span: Span) -> None:
        self.spans.append(span)

    def close(self) -> None:
        """Nothing is left."""

    def named(self, name: str) -> list[Span]:
        return [one for one in self.spans if one.name == name]


def traced(rooms: Rooms, turns: int = 1) -> tuple[Kept, list[str]]:
    """The spans of a call, and the marks that its turns had in the log."""
    kept, marks = Kept(), list[str]()
    calls = TracedCalls(tracer=kept)

    def answered(turn: Turn, answer: Answer) -> None:
        marks.append(current().turn)
        calls.answered(turn, answer)

    board = Switchboard(
        Pipeline(rooms, default_language=Language.GERMAN),
        capacity=5,
        witnesses=Witnesses(answered=answered, chronicle=calls.over),
    )
    turn = Turn(
        call_id=CALL, number=PhoneNumber(e164="+4989123456"), audio=b"...", gateway="twilio"
    )
    for _ in range(turns):
        board.take(turn, now=NOW)
    board.forget(CALL)
    board.close()
    return kept, marks


def test_nothing_that_was_said_or_names_anybody_is_in_a_span() -> None:
    named = Intent(name="pay", confidence=0.9, slots={"iban": "DE89370400440532013000"})
    kept, _ = traced(scripted_rooms(understand=lambda *_: named))
    told = repr(kept.spans)

    for secret in ("4989", "pbx", "DE8937", "ein Wort", "tell.done", "a reason"):
        assert secret not in told
    assert all(one.codes.keys() <= ALLOWED for one in kept.spans)


ALLOWED = {
    f"rufwerk.{name}"
    for name in (
        *("action", "decision", "ending", "engine", "failure", "fallback", "gateway"),
        *("intent", "known", "language", "queue", "turns"),
    )
}


def test_a_call_is_one_trace_and_its_turns_are_in_it() -> None:
    kept, marks = traced(scripted_rooms(), turns=2)
    (call,) = kept.named("call")
    turns = kept.named("turn")

    assert {one.trace for one in kept.spans} == {call_mark(CALL)}
    assert call.parent == ""
    assert [one.parent for one in turns] == [call.id] * 2
    assert [one.id for one in turns] == marks
    assert call.codes == {
        "rufwerk.gateway": "twilio",
        "rufwerk.ending": "hung_up",
        "rufwerk.turns": 2,
    }


def test_every_stage_is_inside_of_its_turn() -> None:
    kept, _ = traced(scripted_rooms())
    (turn,) = kept.named("turn")
    stages = [one for one in kept.spans if one.parent == turn.id]

    assert {"listen", "identify", "verify", "transcribe", "decide", "speak"} <= {
        one.name for one in stages
    }
    assert all(turn.began_ns <= one.began_ns <= one.ended_ns <= turn.ended_ns for one in stages)
    assert len({one.id for one in kept.spans}) == len(kept.spans)


def test_a_turn_that_failed_says_so_by_its_code() -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("Klaus said 1234")

    kept, _ = traced(scripted_rooms(decide=broken))
    (turn,) = kept.named("turn")

    assert turn.has_failed
    assert turn.codes["rufwerk.failure"] == "unexpected"
    assert kept.named("decide")
    assert "Klaus" not in repr(kept.spans)
