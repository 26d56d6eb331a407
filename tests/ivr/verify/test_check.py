from collections.abc import Iterable
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
ERNA = Caller(customer_id=CustomerId("C-2"), subject=SubjectId("s-2"), name="Erna")
OWN, FOREIGN, ALIKE = 0.5, -0.5, 0.1


def speech(seconds: float, *, voice: float = OWN, rate_hz: int = 8000) -> Speech:
    samples = np.full(round(seconds * rate_hz), voice, dtype=np.float32)
    span = Span(start_ms=0, end_ms=round(seconds * 1000))
    return Speech(waveform=Waveform(samples=samples, rate_hz=rate_hz), spans=(span,))


def judge(found: Voiceprint | OptedOut | None, heard: Speech, now: datetime) -> Verdict:
    """Two seconds can be compared; ratios are twenty times the mean sample, 5 accepts."""
    del found, now
    if heard.net_ms < 2_000:
        return Verdict(outcome=Outcome.INCONCLUSIVE, net_speech_ms=heard.net_ms)
    llr = 20 * float(heard.waveform.samples.mean())
    outcome = Outcome.INCONCLUSIVE
    if llr >= 5:
        outcome = Outcome.ACCEPTED
    elif llr < -3:
        outcome = Outcome.REJECTED
    return Verdict(outcome=outcome, llr=llr, threshold=5, net_speech_ms=heard.net_ms)


@pytest.fixture
def check() -> VoiceCheck:
    return VoiceCheck(store=MemoryStore(), judge=judge, longest_evidence_ms=6_000)


def after(check: VoiceCheck, turns: Iterable[Speech]) -> Evidence:
    evidence: Evidence | None = None
    for turn in turns:
        evidence = check.check(KLAUS, turn, evidence, NOW)
    assert evidence is not None
    return evidence


class GoneStore(MemoryStore):
    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        raise StoreUnavailable("gone")


def test_a_store_that_is_gone_proves_nothing() -> None:
    check = VoiceCheck(store=GoneStore(), judge=judge, longest_evidence_ms=6_000)

    assert check.check(KLAUS, speech(5), None, NOW).verdict.outcome is Outcome.INCONCLUSIVE


def test_an_unknown_number_has_no_voice_to_compare(check: VoiceCheck) -> None:
    evidence = check.check(Unknown(), speech(5), None, NOW)

    assert evidence.verdict.outcome is Outcome.NOT_ENROLLED
    assert evidence.verdict.net_speech_ms == 5_000
    assert evidence.compared is None


def test_what_proved_one_customer_proves_no_other(check: VoiceCheck) -> None:
    klaus = check.check(KLAUS, speech(4), None, NOW)

    assert check.check(ERNA, speech(1), klaus, NOW).verdict.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("ms", [500, 1_000, 3_000])
def test_a_strangers_turn_is_not_carried_by_the_callers(check: VoiceCheck, ms: int) -> None:
    """The joined recording would be accepted."""
    found = after(check, [speech(1.4), speech(3, voice=ALIKE), speech(ms / 1000, voice=ALIKE)])

    assert found.verdict.outcome is Outcome.INCONCLUSIVE


def test_a_turn_that_speaks_against_the_caller_takes_the_proof_away(check: VoiceCheck) -> None:
    found = after(check, [speech(4), speech(2.5, voice=-0.05)])

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert after(check, [speech(4), speech(2.5, voice=-0.05), speech(0.5)]).verdict.outcome is (
        Outcome.INCONCLUSIVE
    )


def test_short_pieces_of_another_voice_are_found_out_together(check: VoiceCheck) -> None:
    first, *rest = [speech(1, voice=FOREIGN)] * 2

    assert after(check, [speech(4), first]).verdict.outcome is Outcome.ACCEPTED
    assert after(check, [speech(4), first, *rest]).verdict.outcome is Outcome.REJECTED


def test_another_voice_is_rejected_and_stays_so_through_a_short_word(check: VoiceCheck) -> None:
    found = after(check, [speech(4), speech(4, voice=FOREIGN), speech(0.5)])

    assert found.verdict.outcome is Outcome.REJECTED
    assert found.compared is not None
    assert found.compared.net_ms == 4_000


def test_the_customer_is_accepted_after_somebody_else_spoke_first(check: VoiceCheck) -> None:
    found = after(check, [speech(4, voice=FOREIGN), speech(4)])

    assert found.verdict.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("outcome", [Outcome.OPTED_OUT, Outcome.EXPIRED, Outcome.SPOOF_SUSPECTED])
def test_any_other_finding_undoes_the_proof(outcome: Outcome) -> None:
    verdicts = iter([Verdict(outcome=Outcome.ACCEPTED, llr=9.0), Verdict(outcome=outcome)])
    check = VoiceCheck(
        store=MemoryStore(), judge=lambda *_: next(verdicts), longest_evidence_ms=6_000
    )

    assert after(check, [speech(4), speech(4)]).verdict.outcome is outcome


def test_short_turns_add_up(check: VoiceCheck) -> None:
    assert after(check, [speech(1.2)]).verdict.outcome is Outcome.INCONCLUSIVE
    found = after(check, [speech(1.2), speech(1.2)])

    assert found.verdict.outcome is Outcome.ACCEPTED
    assert found.verdict.net_speech_ms == 2_400


def test_turns_that_lean_to_the_caller_add_up() -> None:
    def patient(_found: object, heard: Speech, _now: datetime) -> Verdict:
        outcome = Outcome.ACCEPTED if heard.net_ms >= 5_000 else Outcome.INCONCLUSIVE
        return Verdict(outcome=outcome, llr=1.0, net_speech_ms=heard.net_ms)

    check = VoiceCheck(store=MemoryStore(), judge=patient, longest_evidence_ms=6_000)

    assert after(check, [speech(3)]).verdict.outcome is Outcome.INCONCLUSIVE
    assert after(check, [speech(3), speech(3)]).verdict.outcome is Outcome.ACCEPTED


def test_a_word_too_short_to_be_compared_does_not_undo_the_proof(check: VoiceCheck) -> None:
    found = after(check, [speech(4), speech(0.5)])

    assert found.verdict.outcome is Outcome.ACCEPTED
    assert found.verdict.reasons == ("accepted earlier in this call",)


def test_evidence_is_kept_at_the_rate_of_the_telephone_and_bounded(check: VoiceCheck) -> None:
    found = after(check, [speech(4, rate_hz=16_000, voice=ALIKE)] * 4)

    assert found.compared is not None
    assert found.compared.waveform.rate_hz == 8_000
    assert found.compared.net_ms == 6_000
