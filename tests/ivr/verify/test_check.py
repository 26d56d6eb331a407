"""One turn within its call: what is asked, and what is kept for the next turn."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from biometrics import (
    MemoryStore,
    OptedOut,
    Outcome,
    Speech,
    Standing,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Voiceprint,
)
from ivr.call import Caller, CustomerId, Unknown
from ivr.verify.check import VoiceCheck
from ivr.verify.evidence import Evidence

Say = Callable[..., Speech]
After = Callable[[VoiceCheck, Iterable[Speech]], Evidence]

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")
ERNA = Caller(customer_id=CustomerId("C-2"), subject=SubjectId("s-2"), name="Erna")


def judge(
    found: Voiceprint | OptedOut | None, turn: Speech, so_far: Standing | None, now: datetime
) -> Standing:
    """Six seconds of a call are enough."""
    del found, now
    net_ms = turn.net_ms + (so_far.verdict.net_speech_ms if so_far else 0)
    outcome = Outcome.ACCEPTED if net_ms >= 6_000 else Outcome.INCONCLUSIVE
    return Standing(verdict=Verdict(outcome=outcome, net_speech_ms=net_ms))


@pytest.fixture
def check() -> VoiceCheck:
    return VoiceCheck(store=MemoryStore(), judge=judge)


class GoneStore(MemoryStore):
    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        raise StoreUnavailable("gone")


def test_a_store_that_is_gone_proves_nothing(speech: Say) -> None:
    check = VoiceCheck(store=GoneStore(), judge=judge)

    verdict = check.check(KLAUS, speech(7), None, NOW).verdict

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.needs_person


def test_a_store_that_goes_during_a_call_takes_the_proof_away(
    check: VoiceCheck, speech: Say
) -> None:
    proven = check.check(KLAUS, speech(7), None, NOW)
    gone = VoiceCheck(store=GoneStore(), judge=judge)

    found = gone.check(KLAUS, speech(1), proven, NOW)

    assert proven.verdict.outcome is Outcome.ACCEPTED
    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.standing is None


def test_an_unknown_number_has_no_voice_to_compare(check: VoiceCheck, speech: Say) -> None:
    evidence = check.check(Unknown(), speech(7), None, NOW)

    assert evidence.verdict.outcome is Outcome.NOT_ENROLLED
    assert evidence.verdict.net_speech_ms == 7_000
    assert evidence.standing is None


def test_what_one_customer_said_proves_no_other(check: VoiceCheck, speech: Say) -> None:
    klaus = check.check(KLAUS, speech(5), None, NOW)

    assert check.check(ERNA, speech(5), klaus, NOW).verdict.outcome is Outcome.INCONCLUSIVE


def test_each_turn_is_judged_after_what_the_call_told_before(
    check: VoiceCheck, speech: Say, after: After
) -> None:
    assert after(check, [speech(3)]).verdict.outcome is Outcome.INCONCLUSIVE
    assert after(check, [speech(3), speech(3)]).verdict.outcome is Outcome.ACCEPTED


def test_evidence_does_not_show_a_voice(check: VoiceCheck, speech: Say, after: After) -> None:
    assert "samples" not in repr(after(check, [speech(3)]))


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.SPOOF_SUSPECTED])
def test_a_pin_proves_nothing_of_whoever_goes_on_in_another_voice(
    speech: Say, outcome: Outcome
) -> None:
    check = VoiceCheck(
        store=MemoryStore(), judge=lambda *_: Standing(verdict=Verdict(outcome=outcome))
    )
    typed = Evidence(
        subject=SubjectId("s-1"),
        verdict=Verdict(outcome=Outcome.ACCEPTED),
        has_second_factor=True,
    )

    assert not check.check(KLAUS, speech(3), typed, NOW).has_second_factor


def test_a_pin_counts_for_the_rest_of_the_call_and_for_no_other_customer(
    check: VoiceCheck, speech: Say
) -> None:
    typed = Evidence(
        subject=SubjectId("s-1"),
        verdict=Verdict(outcome=Outcome.ACCEPTED),
        has_second_factor=True,
    )

    assert not check.check(ERNA, speech(7), typed, NOW).has_second_factor
    assert check.check(KLAUS, speech(7), typed, NOW).has_second_factor
