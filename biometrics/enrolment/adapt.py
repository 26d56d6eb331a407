"""Let a voiceprint follow its person slowly, and never away from who was enrolled."""

from dataclasses import dataclass, field

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.enrolment.enrol import mean_voice
from biometrics.enrolment.learned import Following
from biometrics.verification.verify import Outcome, Verdict
from biometrics.voiceprint import Vector, Voiceprint


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptSettings:
    """How sure a call must be to be learned from, and how much it may change."""

    headroom: float = 3.0
    """How far the likelihood ratio must lie beyond the threshold, as a natural log: 20 times."""

    needs_second_factor: bool = True
    """Whether something other than the voice must have proven the caller too."""

    least_net_ms: int = 3_000
    """Speech in the call."""

    most_share: float = 0.5
    """Weight that later calls together can reach against the enrolment, 0 to 1."""

    memory_ms: int = 60_000
    """Speech of later calls that is remembered: more than this fades."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedCall:
    """A call after its verdict."""

    verdict: Verdict
    vector: Vector = field(repr=False)
    """The voice in it, by the encoder the verdict names."""

    net_ms: int
    has_second_factor: bool
    """Whether something other than the voice, or what the operator lets stand for it, proved the
    caller in this call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The call was not learned from."""

    reason: str


def adapted(
    kept: Following,
    call: JudgedCall,
    *,
    calibration: Calibration,
    settings: AdaptSettings,
    has_consent: bool,
) -> Following | Unchanged:
    """The print after learning from `call`; `has_consent` is to adaptation, not to recognition.

    `kept` may be another print than the call was judged by: it is compared again.
    """
    if not has_consent:
        return Unchanged(reason="The person did not agree to adaptation.")
    doubt = _doubt(kept, call, calibration, settings)
    if doubt:
        return Unchanged(reason=doubt)
    grown = _grown(kept, call, settings)
    if not _is_still(kept.original, grown.current, calibration, settings):
        return Unchanged(reason="The print would move too far from the enrolment.")
    if not _is_accepted_by(kept, call, calibration):
        return Unchanged(reason="The voice does not fit the print that is kept now.")
    return grown


def _doubt(
    kept: Following, call: JudgedCall, calibration: Calibration, settings: AdaptSettings
) -> str | None:
    verdict, original = call.verdict, kept.original
    encoders = {original.encoder, verdict.encoder, calibration.encoder}
    if len(encoders) > 1 or original.weights_sha256 not in ("", calibration.weights_sha256):
        return "Another encoder made the voiceprint."
    if verdict.outcome is not Outcome.ACCEPTED or verdict.llr is None:
        return "The voice was not accepted."
    if not verdict.llr >= calibration.threshold + settings.headroom:
        return "The voice was accepted, but not clearly enough."
    if settings.needs_second_factor and not call.has_second_factor:
        return "Nothing but the voice proved the caller."
    if call.net_ms < settings.least_net_ms:
        return "The call holds too little speech."
    if call.vector.shape != original.vector.shape or not np.isfinite(call.vector).all():
        return "The sound cannot be compared."
    return None


def _grown(kept: Following, call: JudgedCall, settings: AdaptSettings) -> Following:
    """Weights follow the amount of speech, so that one call among many changes little."""
    remembered_ms = min(kept.later_net_ms, settings.memory_ms)
    voices = [call.vector] if kept.later is None else [kept.later, call.vector]
    weights = [call.net_ms] if kept.later is None else [remembered_ms, call.net_ms]
    net_ms = remembered_ms + call.net_ms
    return Following(
        original=kept.original,
        later=mean_voice(voices, weights),
        later_net_ms=net_ms,
        calls=kept.calls + 1,
        share=min(net_ms / (net_ms + kept.original.net_speech_ms), settings.most_share),
    )


def _is_accepted_by(kept: Following, call: JudgedCall, calibration: Calibration) -> bool:
    """Between the verdict and now somebody else may have been enrolled, or the print reverted."""
    score = calibration.alike(kept.current.vector, call.vector)
    return calibration.llr(score, call.net_ms) >= calibration.threshold


def _is_still(
    original: Voiceprint, moved: Voiceprint, calibration: Calibration, settings: AdaptSettings
) -> bool:
    """Whether the moved print, heard as speech, would itself be taken for the enrolled person."""
    score = calibration.alike(original.vector, moved.vector)
    llr = calibration.llr(score, calibration.longest_net_ms)
    return llr >= calibration.threshold + settings.headroom
