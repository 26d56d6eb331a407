"""Is this the voice we enrolled?"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from biometrics.calibration import Calibration
from biometrics.encoder import Encoder, voice_in
from biometrics.score import score
from biometrics.speech import Speech
from biometrics.store import OptedOut
from biometrics.voiceprint import EncoderId, Voiceprint


class Outcome(StrEnum):
    """What a voice proved. Silence, noise and a missing voiceprint prove nothing."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INCONCLUSIVE = "inconclusive"
    NOT_ENROLLED = "not_enrolled"
    OPTED_OUT = "opted_out"
    EXPIRED = "expired"
    SPOOF_SUSPECTED = "spoof_suspected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer about one voice, with what it rests on."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()

    score: float | None = None
    """Cosine of voiceprint and speech, -1 to 1, higher is more alike; None when not compared."""

    llr: float | None = None
    """Natural-log likelihood ratio, above 0 speaks for the same person; None when not compared."""

    threshold: float | None = None
    """The llr from which a voice is accepted; None when not compared."""

    net_speech_ms: int = 0
    """Speech the answer rests on."""

    encoder: EncoderId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySettings:
    """What a voiceprint must be to prove anything."""

    expires_after_days: int
    """Age at which it no longer does."""


def verify(  # noqa: PLR0913 - everything the answer rests on, and each of another kind
    found: Voiceprint | OptedOut | None,
    speech: Speech,
    *,
    encoder: Encoder,
    calibration: Calibration,
    settings: VerifySettings,
    now: datetime,
) -> Verdict:
    """Whether `speech` is of the voice that was `found` in the store; `now` is aware.

    Whatever cannot be told is never an acceptance.

    Raises:
        CalibrationUnusable: the calibration is for another encoder.
    """
    calibration.check_fits(encoder.id)
    if found is None:
        return _unanswered(Outcome.NOT_ENROLLED, "No voiceprint is kept.", speech)
    if isinstance(found, OptedOut):
        return _unanswered(Outcome.OPTED_OUT, "Voice recognition was refused.", speech)
    too_old = _why_expired(found, encoder, settings, now)
    if too_old:
        return _unanswered(Outcome.EXPIRED, too_old, speech)
    least_ms = max(encoder.shortest_ms, calibration.shortest_net_ms)
    if speech.net_ms < least_ms:
        reason = (
            f"{_seconds(speech.net_ms)} of speech is too little; {_seconds(least_ms)} is needed."
        )
        return _unanswered(Outcome.INCONCLUSIVE, reason, speech)
    return _compared(found, speech, encoder, calibration)


def _why_expired(
    found: Voiceprint, encoder: Encoder, settings: VerifySettings, now: datetime
) -> str | None:
    if found.encoder != encoder.id or found.vector.shape != (encoder.dimension,):
        return "Another encoder made the voiceprint."
    if now - found.enrolled_at >= timedelta(days=settings.expires_after_days):
        return f"The voiceprint is older than {settings.expires_after_days} days."
    return None


def _compared(
    found: Voiceprint, speech: Speech, encoder: Encoder, calibration: Calibration
) -> Verdict:
    cosine = score(found, voice_in(speech, encoder), encoder=encoder.id)
    llr = calibration.llr(cosine, speech.net_ms)
    if not math.isfinite(llr):
        return _unanswered(Outcome.INCONCLUSIVE, "The sound cannot be compared.", speech)
    outcome, comparison = _judged(llr, calibration)
    return Verdict(
        outcome=outcome,
        reasons=(f"{_seconds(speech.net_ms)} of speech, likelihood ratio {llr:.1f} {comparison}.",),
        score=cosine,
        llr=llr,
        threshold=calibration.threshold,
        net_speech_ms=speech.net_ms,
        encoder=encoder.id,
    )


def _judged(llr: float, calibration: Calibration) -> tuple[Outcome, str]:
    accept, reject = calibration.threshold, calibration.reject_below
    if llr >= accept:
        return Outcome.ACCEPTED, f"reaches {accept:.1f}"
    if llr < reject:
        return Outcome.REJECTED, f"is below {reject:.1f}"
    return Outcome.INCONCLUSIVE, f"is between {reject:.1f} and {accept:.1f}"


def _unanswered(outcome: Outcome, reason: str, speech: Speech) -> Verdict:
    return Verdict(outcome=outcome, reasons=(reason,), net_speech_ms=speech.net_ms)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"
