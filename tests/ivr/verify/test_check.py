from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from biometrics import (
    MemoryStore,
    OptedOut,
    Outcome,
    Span,
    Speech,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Voiceprint,
    Waveform,
)
from ivr.call import Caller, CustomerId, Unknown
from ivr.verify.check import VoiceCheck
from ivr.verify.evidence import Evidence

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")

Judgement = Callable[[Speech], Outcome]


def speech(seconds: float, *, rate_hz: int = 8000, pitch: float = 0.5) -> Speech:
    samples = np.full(round(seconds * rate_hz), pitch, dtype=np.float32)
    span = Span(start_ms=0, end_ms=round(seconds * 1000))
    return Speech(waveform=Waveform(samples=samples, rate_hz=rate_hz), spans=(span,))


def check_with(judgement: Judgement) -> VoiceCheck:
    def judge(found: Voiceprint | OptedOut | None, heard: Speech, now: datetime) -> Verdict:
        del found, now
        return Verdict(outcome=judgement(heard), net_speech_ms=heard.net_ms)

    return VoiceCheck(store=MemoryStore(), judge=judge, longest_evidence_ms=6_000)


def enough_is_accepted(heard: Speech) -> Outcome:
    return Outcome.ACCEPTED if heard.net_ms >= 3_000 else Outcome.INCONCLUSIVE


class GoneStore(MemoryStore):
    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        raise StoreUnavailable("gone")


def test_a_store_that_is_gone_proves_nothing() -> None:
    check = VoiceCheck(
        store=GoneStore(),
        judge=check_with(lambda _: Outcome.ACCEPTED).judge,
        longest_evidence_ms=6_000,
    )

    assert Outcome.INCONCLUSIVE is check.check(KLAUS, speech(5), None, NOW).verdict.outcome


def test_an_unknown_number_has_no_voice_to_compare() -> None:
    verdict = check_with(lambda _: Outcome.ACCEPTED).check(Unknown(), speech(5), None, NOW).verdict

    assert Outcome.NOT_ENROLLED is verdict.outcome
    assert verdict.net_speech_ms == 5_000


def test_short_turns_add_up() -> None:
    check = check_with(enough_is_accepted)

    first = check.check(KLAUS, speech(2), None, NOW)
    second = check.check(KLAUS, speech(2), first, NOW)

    assert Outcome.INCONCLUSIVE is first.verdict.outcome
    assert Outcome.ACCEPTED is second.verdict.outcome
    assert second.verdict.net_speech_ms == 4_000


def test_a_turn_that_proves_nothing_does_not_undo_the_proof() -> None:
    outcomes = iter([Outcome.ACCEPTED, Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE])
    check = check_with(lambda _: next(outcomes))

    first = check.check(KLAUS, speech(4), None, NOW)
    second = check.check(KLAUS, speech(0.5), first, NOW)

    assert Outcome.ACCEPTED is second.verdict.outcome
    assert second.verdict.reasons == ("accepted earlier in this call",)


@pytest.mark.parametrize("outcome", [Outcome.OPTED_OUT, Outcome.EXPIRED, Outcome.SPOOF_SUSPECTED])
def test_any_other_finding_undoes_the_proof(outcome: Outcome) -> None:
    outcomes = iter([Outcome.ACCEPTED, outcome, outcome])
    check = check_with(lambda _: next(outcomes))

    first = check.check(KLAUS, speech(4), None, NOW)

    assert outcome is check.check(KLAUS, speech(4), first, NOW).verdict.outcome


def test_another_voice_takes_the_proof_away_and_leaves_no_old_evidence() -> None:
    def other_voice_is_rejected(heard: Speech) -> Outcome:
        return Outcome.REJECTED if heard.waveform.samples.max() < 0 else Outcome.ACCEPTED

    check = check_with(other_voice_is_rejected)
    first = check.check(KLAUS, speech(4), None, NOW)
    second = check.check(KLAUS, speech(4, pitch=-0.5), first, NOW)

    assert Outcome.REJECTED is second.verdict.outcome
    assert second.speech.net_ms == 4_000


def test_evidence_is_kept_at_the_rate_of_the_telephone_and_bounded() -> None:
    check = check_with(enough_is_accepted)
    evidence: Evidence | None = None
    for _ in range(4):
        evidence = check.check(KLAUS, speech(4, rate_hz=16_000), evidence, NOW)

    assert evidence is not None
    assert evidence.speech.waveform.rate_hz == 8_000
    assert evidence.speech.net_ms == 6_000
