"""Calls as they were, for tests of what people are told of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fakes.scripted import HEARD

from biometrics import Outcome, Sign, SubjectId, Verdict
from ivr.call import (
    Action,
    Caller,
    CallId,
    CustomerId,
    Event,
    Intent,
    Line,
    Mood,
    PhoneNumber,
    Queue,
    Say,
    Unknown,
)
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, GuessHeard, Moment
from ivr.result import (
    Result,
    TimingsPart,
    action_part,
    caller_part,
    intent_part,
    transcript_part,
    verification_part,
)
from ivr.story import Story, Told

BEGAN = datetime(2026, 5, 20, 12, tzinfo=UTC)
NUMBER = PhoneNumber(e164="+4989123456")
KLAUS = Caller(
    customer_id=CustomerId("k-1"),
    subject=SubjectId("s-1"),
    name="Klaus",
    birth_date=date(1950, 5, 21),
    tier="vip",
    events=(
        Event(kind="flight_cancelled", at=BEGAN - timedelta(hours=2), facts={"flight": "LH815"}),
        Event(kind="checked_in", at=BEGAN - timedelta(days=2)),
    ),
    preferences={"seat": "aisle"},
)
REBOOK = Intent(name="rebook_flight", confidence=0.9, slots={"flight": "LH815"})
TO_PEOPLE = Queue(lines=(Line(key="tell.queue"),), queue="senior", priority=80)
DONE = Say(lines=(Line(key="tell.done"),))
SURE = Verdict(outcome=Outcome.ACCEPTED, score=0.8, llr=6.2, threshold=3.9, net_speech_ms=3_000)


def told(action: Action = DONE, **changes: Any) -> Told:
    """One turn, answered by `action`; change what it found by name."""
    after_s = changes.pop("after_s", 8)
    reasons = changes.pop("reasons", ("a reason",))
    guess: GuessHeard | None = changes.pop("guess", None)
    usual = {
        "caller": KLAUS,
        "verdict": SURE,
        "heard": HEARD,
        "meaning": REBOOK,
        "mood": Mood.NEUTRAL,
        "now": BEGAN + timedelta(seconds=after_s),
        "dialogue": Dialogue(),
    }
    moment = Moment(**{**usual, **changes})  # type: ignore[arg-type]
    decision = Decision(action=action, reasons=reasons, dialogue=Dialogue(), guess=guess)
    return Told(at=moment.now, result=_result(moment, decision), moment=moment, decision=decision)


def failed(after_s: int = 8) -> Told:
    """A turn in which a part of the system failed."""
    fine = told(TO_PEOPLE, after_s=after_s)
    reasons = ["a part of the system failed -> queue agents"]
    nothing = verification_part(Verdict(outcome=Outcome.INCONCLUSIVE))
    result = replace(fine.result, reasons=reasons, verification=nothing)
    return replace(fine, moment=None, decision=None, result=result)


def story(*turns: Told, dialogue: Dialogue | None = None) -> Story:
    return Story(
        call_id=CallId("c-1"),
        number=NUMBER,
        gateway="asterisk",
        began_at=BEGAN,
        turns=turns,
        dialogue=dialogue or Dialogue(),
    )


def sign(name: str, *, is_spoof: bool = True) -> Sign:
    return Sign(name=name, risk=0.9, is_spoof=is_spoof, may_gate=True, reason="sounds so")


def stranger(action: Action = DONE, **changes: Any) -> Told:
    nobody = Verdict(outcome=Outcome.NOT_ENROLLED)
    return told(action, caller=Unknown(), verdict=nobody, **changes)


def _result(moment: Moment, decision: Decision) -> Result:
    return Result(
        call_id="c-1",
        caller=caller_part(NUMBER, moment.caller),
        verification=verification_part(moment.verdict),
        transcript=transcript_part(moment.heard, "de"),
        intent=intent_part(moment.meaning),
        action=action_part(decision.action, "Gern."),
        reasons=list(decision.reasons),
        timings_ms=TimingsPart(total=300),
    )
