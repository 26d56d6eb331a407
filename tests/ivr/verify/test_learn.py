"""Which call is learned from, and by whom."""

from datetime import UTC, datetime

import numpy as np
import pytest

from biometrics import Outcome, Speech, Standing, StoreUnavailable, SubjectId, Verdict, Waveform
from ivr.verify.evidence import Evidence
from ivr.verify.learn import NOTHING, AfterCall

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = SubjectId("s-1")
TURN = Speech(waveform=Waveform(samples=np.zeros(8, dtype=np.float32), rate_hz=8000), spans=())


class School:
    """Teachers who write down whom they were asked about."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.taught: list[str] = []

    def adapt(self, subject: SubjectId, evidence: Evidence, now: datetime) -> str:
        self.taught.append("adapt")
        return ""

    def collect(self, subject: SubjectId, evidence: Evidence, now: datetime) -> str:
        self.taught.append("collect")
        return ""

    @property
    def after_call(self) -> AfterCall:
        return AfterCall(
            agrees=lambda subject, now: self.agrees, adapt=self.adapt, collect=self.collect
        )


def evidence(outcome: Outcome = Outcome.ACCEPTED, *, spoiled: str = "") -> Evidence:
    verdict = Verdict(outcome=outcome)
    return Evidence(
        subject=KLAUS,
        verdict=verdict,
        clearest=Standing(verdict=verdict),
        uncompared=(TURN,),
        spoiled=spoiled,
    )


def test_a_call_that_told_nothing_is_not_learned_from() -> None:
    school = School()

    assert school.after_call.learn(None, NOW) == NOTHING
    assert (
        school.after_call.learn(
            Evidence(subject=None, verdict=Verdict(outcome=Outcome.NOT_ENROLLED)), NOW
        )
        == NOTHING
    )
    assert school.taught == []


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.ACCEPTED, Outcome.EXPIRED}))
def test_the_last_verdict_of_a_call_decides(outcome: Outcome) -> None:
    """Who was accepted and then opted out, or could not be told any more, is not learned from."""
    school = School()

    assert school.after_call.learn(evidence(outcome), NOW) == NOTHING
    assert school.taught == []


def test_a_spoiled_call_is_not_learned_from() -> None:
    school = School()

    why = school.after_call.learn(evidence(spoiled="rejected"), NOW)

    assert why == "Nothing is learned from a call with doubts: rejected."
    assert school.taught == []


def test_without_consent_nobody_is_asked() -> None:
    school = School(agrees=False)

    why = school.after_call.learn(evidence(), NOW)

    assert why == "The person did not agree to adaptation."
    assert school.taught == []


def test_a_ledger_that_is_gone_is_no_consent() -> None:
    def gone(subject: SubjectId, now: datetime) -> bool:
        raise StoreUnavailable("The ledger is gone.")

    school = School()
    after_call = AfterCall(agrees=gone, adapt=school.adapt, collect=school.collect)

    assert after_call.learn(evidence(), NOW) == "The ledger is gone."
    assert school.taught == []


def test_what_is_switched_off_is_not_done() -> None:
    nothing = AfterCall(agrees=lambda subject, now: True)

    assert nothing.learn(evidence(), NOW) == NOTHING
    assert nothing.learn(evidence(Outcome.EXPIRED), NOW) == NOTHING


def test_who_was_accepted_is_followed_and_whose_print_expired_is_collected_from() -> None:
    school = School()

    assert school.after_call.learn(evidence(), NOW) == ""
    assert school.after_call.learn(evidence(Outcome.EXPIRED), NOW) == ""
    assert school.taught == ["adapt", "collect"]
