from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from biometrics import Outcome, SubjectId, Verdict
from ivr.call import (
    Assurance,
    Caller,
    CustomerId,
    Event,
    Intent,
    Language,
    Mood,
    Transcript,
)
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Moment
from ivr.decide.policy import Need, Policy, read_policy

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

CANCELLED = Event(
    kind="flight_cancelled",
    at=datetime(2026, 3, 9, tzinfo=UTC),
    facts={"flight": "LH815", "origin": "München", "destination": "Los Angeles"},
    may_mention=True,
)
KLAUS = Caller(
    customer_id=CustomerId("C-1"),
    subject=SubjectId("s-1"),
    name="Klaus",
    birth_date=date(1981, 5, 14),
    events=(CANCELLED,),
)

ASSURANCES = {
    "rebook_flight": Assurance.VOICE,
    "cancel_flight": Assurance.VOICE,
    "flight_status": Assurance.OPEN,
    "baggage_lost": Assurance.CALLER_ID,
    "baggage_allowance": Assurance.OPEN,
    "check_in": Assurance.VOICE,
    "seat_or_upgrade": Assurance.VOICE,
    "refund": Assurance.VOICE,
    "special_assistance": Assurance.CALLER_ID,
    "loyalty_miles": Assurance.VOICE_AND_SECOND_FACTOR,
    "complaint": Assurance.CALLER_ID,
}


@pytest.fixture
def policy() -> Policy:
    needs = {
        name: Need(assurance=assurance, may_suggest=name in ("rebook_flight", "refund"))
        for name, assurance in ASSURANCES.items()
    }
    return read_policy(None, business="airline", needs=needs)


@pytest.fixture
def moment() -> Callable[..., Moment]:
    """Klaus, accepted, asking to rebook in his first turn; name what is different."""
    usual = Moment(
        caller=KLAUS,
        verdict=Verdict(outcome=Outcome.ACCEPTED),
        heard=Transcript(text="...", language=Language.GERMAN, confidence=0.9, engine="fake"),
        meaning=Intent(name="rebook_flight", confidence=0.9),
        mood=Mood.NEUTRAL,
        now=NOW,
        dialogue=Dialogue(),
    )

    def different(**changes: object) -> Moment:
        outcome = changes.pop("outcome", None)
        wants = changes.pop("wants", None)
        if outcome is not None:
            changes["verdict"] = Verdict(outcome=Outcome(str(outcome)))
        if wants is not None:
            changes["meaning"] = Intent(name=str(wants), confidence=0.9)
            if wants == "affirm":
                changes.setdefault("heard", replace(usual.heard, text="Ja."))  # type: ignore[type-var]
        return replace(usual, **changes)  # type: ignore[arg-type]

    return different
