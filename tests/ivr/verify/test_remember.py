"""What was accepted is remembered, and what cannot be remembered is not accepted."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from biometrics import Outcome, Speech, StoreUnavailable, SubjectId, Verdict
from ivr.call import Caller, CustomerId, Unknown
from ivr.verify.attempts import NOWHERE, Origin
from ivr.verify.evidence import Evidence
from ivr.verify.remember import RememberingCheck

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")

Say = Callable[..., Speech]


class Asked:
    """A check that always finds the same, and what was remembered afterwards."""

    def __init__(self, outcome: Outcome, subject: SubjectId | None = KLAUS.subject) -> None:
        self.outcome = outcome
        self.subject = subject
        self.origin: Origin | None = None
        self.remembered: list[tuple[SubjectId, datetime]] = []

    def ask(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        self.origin = origin
        return Evidence(subject=self.subject, verdict=Verdict(outcome=self.outcome))

    def remember(self, subject: SubjectId, speech: Speech, now: datetime) -> None:
        self.remembered.append((subject, now))

    @property
    def check(self) -> RememberingCheck:
        return RememberingCheck(ask=self.ask, remember=self.remember)


def test_what_cannot_be_remembered_is_not_accepted(speech: Say) -> None:
    def full(subject: SubjectId, speech: Speech, now: datetime) -> None:
        raise StoreUnavailable("The disk is full.")

    asked = Asked(Outcome.ACCEPTED)
    check = RememberingCheck(ask=asked.ask, remember=full)

    verdict = check.check(KLAUS, speech(7), None, NOW).verdict

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.needs_person


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.ACCEPTED}))
def test_nothing_else_is_remembered(speech: Say, outcome: Outcome) -> None:
    asked = Asked(outcome)

    found = asked.check.check(KLAUS, speech(7), None, NOW)

    assert found.verdict.outcome is outcome
    assert asked.remembered == []


def test_an_accepted_turn_is_remembered(speech: Say) -> None:
    asked = Asked(Outcome.ACCEPTED)
    origin = Origin(number="+4989123456")

    found = asked.check.check(KLAUS, speech(7), None, NOW, origin)

    assert found.verdict.outcome is Outcome.ACCEPTED
    assert asked.remembered == [(SubjectId("s-1"), NOW)]
    assert asked.origin == origin
