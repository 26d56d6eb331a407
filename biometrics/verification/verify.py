"""Is this the voice we enrolled?"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import CONTEXT_MS, Encoder, voice_in
from biometrics.sound.poor import Poor
from biometrics.sound.quality import quality
from biometrics.speech import Speech
from biometrics.storage.store import OptedOut
from biometrics.verification.signs import Sign
from biometrics.voiceprint import EncoderId, Vector, Voiceprint


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
class Comparison:
    """How some speech compares with a voiceprint."""

    score: float
    """Cosine, or the normalised score where the calibration has a cohort; higher is more alike."""

    llr: float
    """Natural-log likelihood ratio, above 0 speaks for the same person."""

    net_ms: int
    """Speech that was compared."""


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

    incremental: Comparison | None = None
    """The latest stretch of speech by itself; `score` and `llr` are of all that was joined, which
    MRCPv2 calls cumulative (RFC 6787, section 11.5.2)."""

    poor: tuple[Poor, ...] = ()
    """What is wrong with the sound."""

    signs: tuple[Sign, ...] = ()
    """What was heard that copied or made voices have."""

    needs_person: bool = False
    """More speech would change nothing: the check itself may not, or cannot, go on."""


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
    usable = usable_print(found, speech.net_ms, encoder=encoder, settings=settings, now=now)
    if isinstance(usable, Verdict):
        return usable
    comparer = Comparer(encoder=encoder, calibration=calibration)
    if speech.net_ms < comparer.least_ms:
        return too_little(speech.net_ms, comparer.least_ms)
    return comparer.judged(comparer.compare(usable, speech, comparer.voice(speech)), speech.net_ms)


def usable_print(
    found: Voiceprint | OptedOut | None,
    net_ms: int,
    *,
    encoder: Encoder,
    settings: VerifySettings,
    now: datetime,
) -> Voiceprint | Verdict:
    """The print that speech can be compared with, or the verdict on `net_ms` of it without one."""
    if found is None:
        return _unanswered(Outcome.NOT_ENROLLED, "No voiceprint is kept.", net_ms)
    if isinstance(found, OptedOut):
        return _unanswered(Outcome.OPTED_OUT, "Voice recognition was refused.", net_ms)
    too_old = _why_expired(found, encoder, settings, now)
    return _unanswered(Outcome.EXPIRED, too_old, net_ms) if too_old else found


def too_little(net_ms: int, least_ms: int) -> Verdict:
    """Nothing was compared."""
    reason = f"{_seconds(net_ms)} of speech is too little; {_seconds(least_ms)} is needed."
    return _unanswered(Outcome.INCONCLUSIVE, reason, net_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparer:
    """An encoder, and what its scores mean."""

    encoder: Encoder
    calibration: Calibration

    hear: Callable[[Speech, Encoder], Vector] = voice_in
    """How a voice is heard: as `voice_in` does, or as one who has heard it before."""

    @property
    def least_ms(self) -> int:
        """Less speech cannot be compared."""
        return max(self.encoder.shortest_ms, self.calibration.shortest_net_ms)

    @property
    def early_threshold(self) -> float:
        """The llr from which a voice may be accepted at any moment, however often it is looked."""
        return max(self.calibration.threshold, -math.log(max(self.calibration.fmr, 1e-9)))

    def voice(self, speech: Speech) -> Vector:
        """The voice in at least `least_ms` of speech."""
        return self.hear(speech, self.encoder)

    def compare(self, found: Voiceprint, speech: Speech, voice: Vector) -> Comparison | None:
        """`voice`, heard in `speech`, with the print; None when there is nothing to compare."""
        alike = self.calibration.alike(found.vector, voice)
        # As calibrations are learned: without the long pauses.
        snr_db = quality(speech.in_context(CONTEXT_MS)).snr_db
        llr = self.calibration.llr(alike, speech.net_ms, snr_db)
        if not math.isfinite(llr):
            return None
        return Comparison(score=alike, llr=llr, net_ms=speech.net_ms)

    def same_voice_llr(self, first: Vector, second: Vector, net_ms: int) -> float:
        """Ratio of two stretches of one call being of one voice, `net_ms` in the shorter."""
        return self.calibration.pair_llr(self.calibration.alike(first, second), net_ms)

    def judged(self, comparison: Comparison | None, net_ms: int) -> Verdict:
        """The verdict that a comparison leads to."""
        if comparison is None:
            return _unanswered(Outcome.INCONCLUSIVE, "The sound cannot be compared.", net_ms)
        outcome, says = self._outcome(comparison.llr)
        heard = _seconds(comparison.net_ms)
        return Verdict(
            outcome=outcome,
            reasons=(
                f"{heard} of speech, likelihood ratio {comparison.llr:.1f} {says}.",
                *self.calibration.notes,
            ),
            score=comparison.score,
            llr=comparison.llr,
            threshold=self.calibration.threshold,
            net_speech_ms=comparison.net_ms,
            encoder=self.encoder.id,
        )

    def _outcome(self, llr: float) -> tuple[Outcome, str]:
        accept, reject = self.calibration.threshold, self.calibration.reject_below
        if llr >= accept:
            return Outcome.ACCEPTED, f"reaches {accept:.1f}"
        if llr < reject:
            return Outcome.REJECTED, f"is below {reject:.1f}"
        return Outcome.INCONCLUSIVE, f"is between {reject:.1f} and {accept:.1f}"


def _why_expired(
    found: Voiceprint, encoder: Encoder, settings: VerifySettings, now: datetime
) -> str | None:
    if found.encoder != encoder.id or found.vector.shape != (encoder.dimension,):
        return "Another encoder made the voiceprint."
    if found.weights_sha256 and found.weights_sha256 != encoder.weights_sha256:
        return "The encoder's weights have changed since the voiceprint was made."
    if now - found.enrolled_at >= timedelta(days=settings.expires_after_days):
        return f"The voiceprint is older than {settings.expires_after_days} days."
    return None


def _unanswered(outcome: Outcome, reason: str, net_ms: int) -> Verdict:
    return Verdict(outcome=outcome, reasons=(reason,), net_speech_ms=net_ms)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"
