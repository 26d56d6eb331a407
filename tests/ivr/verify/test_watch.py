"""A voice on a list is proven to nobody until a person has looked, and is not held against it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from biometrics import (
    Outcome,
    Seen,
    Sign,
    Speech,
    Standing,
    SubjectId,
    Verdict,
    Watched,
)
from ivr.call import Caller, CustomerId, Unknown
from ivr.verify.attempts import NOWHERE, Origin
from ivr.verify.evidence import Evidence
from ivr.verify.watch import WatchfulCheck

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")
LIKE = Sign(
    name="watchlist",
    risk=1.0,
    is_spoof=False,
    may_gate=False,
    reason="A person has to look.",
    needs_person=True,
)
WATCHED = Watched(net_ms=3_000, voice=np.ones(2, dtype=np.float32))

Say = Callable[..., Speech]


class Looked:
    """A check that finds the same each time, and lists that say the same."""

    def __init__(self, outcome: Outcome, *signs: Sign) -> None:
        self.outcome, self.signs = outcome, signs
        self.asked: list[Watched | None] = []

    def ask(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        subject = None if isinstance(caller, Unknown) else KLAUS.subject
        verdict = Verdict(outcome=self.outcome, reasons=("compared",), llr=7.0)
        standing = Standing(verdict=verdict)
        watched = earlier.watched if earlier else None
        return Evidence(subject=subject, standing=standing, verdict=verdict, watched=watched)

    def look(
        self,
        subject: SubjectId,
        standing: Standing | None,
        so_far: Watched | None,
        now: datetime,
    ) -> Seen:
        self.asked.append(so_far)
        return Seen(watched=WATCHED, signs=self.signs)

    @property
    def check(self) -> WatchfulCheck:
        return WatchfulCheck(ask=self.ask, look=self.look)


def test_an_accepted_voice_on_a_list_is_not_accepted_until_a_person_looked(speech: Say) -> None:
    verdict = Looked(Outcome.ACCEPTED, LIKE).check.check(KLAUS, speech(4), None, NOW).verdict

    assert (verdict.outcome, verdict.needs_person) == (Outcome.INCONCLUSIVE, True)
    assert verdict.reasons == ("A person has to look.",)
    assert verdict.signs == (LIKE,)


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.INCONCLUSIVE])
def test_what_the_voice_proved_else_stays_as_it_was(speech: Say, outcome: Outcome) -> None:
    verdict = Looked(outcome, LIKE).check.check(KLAUS, speech(4), None, NOW).verdict

    assert (verdict.outcome, verdict.needs_person) == (outcome, True)
    assert verdict.reasons == ("compared", "A person has to look.")


def test_a_sign_that_needs_nobody_changes_nothing(speech: Say) -> None:
    told = replace(LIKE, needs_person=False)

    verdict = Looked(Outcome.ACCEPTED, told).check.check(KLAUS, speech(4), None, NOW).verdict

    assert (verdict.outcome, verdict.needs_person) == (Outcome.ACCEPTED, False)
    assert verdict.signs == (told,)


def test_a_number_without_a_customer_is_not_looked_for(speech: Say) -> None:
    looked = Looked(Outcome.NOT_ENROLLED, LIKE)

    assert looked.check.check(Unknown(), speech(4), None, NOW).verdict.signs == ()
    assert looked.asked == []


def test_what_was_looked_for_is_known_in_the_next_turn(speech: Say) -> None:
    looked = Looked(Outcome.ACCEPTED)
    first = looked.check.check(KLAUS, speech(4), None, NOW)
    looked.check.check(KLAUS, speech(4), first, NOW)

    assert looked.asked == [None, WATCHED]
