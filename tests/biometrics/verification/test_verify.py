"""Deny by default: only a voice that was compared and reached the threshold is accepted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Encoder,
    EncoderId,
    OptedOut,
    Outcome,
    Speech,
    SubjectId,
    Verdict,
    VerifySettings,
    Voiceprint,
    Waveform,
    verify,
)

Say = Callable[[int], Speech]


@pytest.fixture
def judge(encoder: Encoder, calibration: Calibration, now: datetime) -> Callable[..., Verdict]:
    def judged(found: Any, speech: Speech, **changed: Any) -> Verdict:
        usual: dict[str, Any] = {
            "encoder": encoder,
            "calibration": calibration,
            "settings": VerifySettings(expires_after_days=1095),
            "now": now,
        }
        return verify(found, speech, **(usual | changed))

    return judged


def test_without_a_voiceprint_nothing_is_proven(judge: Callable[..., Verdict], klaus: Say) -> None:
    verdict = judge(None, klaus(3000))

    assert verdict == Verdict(
        outcome=Outcome.NOT_ENROLLED, reasons=("No voiceprint is kept.",), net_speech_ms=3000
    )


def test_who_opted_out_is_not_compared(judge: Callable[..., Verdict], klaus: Say) -> None:
    verdict = judge(OptedOut(subject=SubjectId("s-1")), klaus(3000))

    assert verdict.outcome is Outcome.OPTED_OUT
    assert verdict.score is None


def test_an_old_voiceprint_proves_nothing(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint, now: datetime
) -> None:
    verdict = judge(voiceprint, klaus(3000), now=now + timedelta(days=1095))

    assert verdict.outcome is Outcome.EXPIRED
    assert verdict.reasons == ("The voiceprint is older than 1095 days.",)


def test_a_voiceprint_of_another_encoder_proves_nothing(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    verdict = judge(replace(voiceprint, encoder=EncoderId("pattern-1")), klaus(3000))

    assert verdict.outcome is Outcome.EXPIRED
    assert verdict.reasons == ("Another encoder made the voiceprint.",)


def test_a_voiceprint_of_other_weights_proves_nothing(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    verdict = judge(replace(voiceprint, weights_sha256="cd" * 32), klaus(3000))

    assert verdict.outcome is Outcome.EXPIRED
    assert verdict.reasons == ("The encoder's weights have changed since the voiceprint was made.",)


def test_a_voiceprint_of_another_length_proves_nothing(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    short = replace(voiceprint, vector=np.ones(2, dtype=np.float32))

    assert judge(short, klaus(3000)).outcome is Outcome.EXPIRED


@pytest.mark.parametrize("net_ms", [0, 499, 1499])
def test_too_little_speech_is_inconclusive_even_of_the_right_voice(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint, net_ms: int
) -> None:
    verdict = judge(voiceprint, klaus(net_ms))

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.reasons[0].endswith("s of speech is too little; 1.5 s is needed.")


def test_sound_that_is_not_a_number_is_inconclusive(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    speech = klaus(3000)
    broken = Waveform(samples=speech.waveform.samples * np.float32("nan"), rate_hz=8000)

    verdict = judge(voiceprint, replace(speech, waveform=broken))

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.score is None


def test_silence_that_was_taken_for_speech_is_inconclusive(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    speech = klaus(3000)
    silence = Waveform(samples=np.zeros_like(speech.waveform.samples), rate_hz=8000)

    assert judge(voiceprint, replace(speech, waveform=silence)).outcome is Outcome.INCONCLUSIVE


def test_a_damaged_voiceprint_is_inconclusive(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    damaged = replace(voiceprint, vector=np.full(4, np.nan, dtype=np.float32))

    assert judge(damaged, klaus(3000)).outcome is Outcome.INCONCLUSIVE


def test_another_voice_is_rejected(
    judge: Callable[..., Verdict], stranger: Say, voiceprint: Voiceprint
) -> None:
    verdict = judge(voiceprint, stranger(3000))

    assert verdict.outcome is Outcome.REJECTED
    assert verdict.reasons == ("3.0 s of speech, likelihood ratio -10.0 is below -2.0.",)


def test_between_rejected_and_accepted_nobody_guesses(
    judge: Callable[..., Verdict], mixed: Callable[[float, int], Speech], voiceprint: Voiceprint
) -> None:
    verdict = judge(voiceprint, mixed(0.5, 3000))

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.llr == pytest.approx(0.0, abs=1e-3)


def test_a_calibration_for_another_encoder_judges_nothing(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint, calibration: Calibration
) -> None:
    foreign = replace(calibration, encoder=EncoderId("pattern-1"))

    with pytest.raises(CalibrationUnusable, match=r"for the encoder pattern-1, not for pattern-0"):
        judge(voiceprint, klaus(3000), calibration=foreign)


def test_the_enrolled_voice_is_accepted_and_says_why(
    judge: Callable[..., Verdict], klaus: Say, voiceprint: Voiceprint
) -> None:
    assert judge(voiceprint, klaus(3120)) == Verdict(
        outcome=Outcome.ACCEPTED,
        reasons=("3.1 s of speech, likelihood ratio 10.0 reaches 4.0.",),
        score=1.0,
        llr=10.0,
        threshold=4.0,
        net_speech_ms=3120,
        encoder=EncoderId("pattern-0"),
    )


def test_a_verdict_says_that_its_line_has_no_calibration_of_its_own(
    judge: Callable[..., Verdict], calibration: Calibration, klaus: Say, voiceprint: Voiceprint
) -> None:
    told = replace(calibration, notes=("This line was never calibrated.",))

    verdict = judge(voiceprint, klaus(3000), calibration=told)

    assert verdict.reasons[1:] == ("This line was never calibrated.",)
