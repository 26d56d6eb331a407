"""Enrol callers again after the encoder has changed, from calls in which they were proven."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import Encoder
from biometrics.enrolment.enrol import EnrolSettings, check_agreement, mean_voice
from biometrics.enrolment.learned import Collected, Collecting, ProvenBy
from biometrics.errors import SamplesDisagree
from biometrics.verification.verify import Outcome, Verdict
from biometrics.voiceprint import SubjectId, Vector, Voiceprint


@dataclass(frozen=True, slots=True, kw_only=True)
class ReenrolSettings:
    """What a new print is made from, and how long it may take."""

    enrol: EnrolSettings
    keep_days: int = 90
    """Older speech is forgotten."""

    headroom: float = 2.3
    """How far the earlier encoder's likelihood ratio must lie beyond its threshold, as a natural
    log: ten times. Three strangers' calls that just pass would otherwise become the caller."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProvenCall:
    """A call of somebody who was proven, as the new encoder heard it."""

    vector: Vector = field(repr=False)
    net_ms: int
    at: datetime
    """Aware, UTC."""

    proven_by: ProvenBy

    earlier: Verdict | None = None
    """Of the earlier encoder, where that is the proof."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Renewed:
    """Enough was heard: the print takes the place of the expired one."""

    voiceprint: Voiceprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The person does not agree: nothing is kept, and nothing will be collected."""

    subject: SubjectId


def may_go_on(state: Collecting, found: Voiceprint, encoder: Encoder) -> bool:
    """Whether what was collected is for this encoder, in place of this print."""
    ours = (state.expired, state.encoder, state.weights_sha256)
    return ours == (found.encoder, encoder.id, encoder.weights_sha256)


def must_reenrol(found: Voiceprint, encoder: Encoder) -> bool:
    """Whether another encoder, or the same one with other weights, made the print."""
    has_other_weights = found.weights_sha256 not in ("", encoder.weights_sha256)
    return found.encoder != encoder.id or has_other_weights


def collect_for(found: Voiceprint, encoder: Encoder) -> Collecting:
    """Begin to collect for whoever has an expired print."""
    return Collecting(
        subject=found.subject,
        expired=found.encoder,
        encoder=encoder.id,
        weights_sha256=encoder.weights_sha256,
    )


def after_call(
    state: Collecting,
    call: ProvenCall,
    *,
    calibration: Calibration,
    settings: ReenrolSettings,
    has_consent: bool,
) -> Collecting | Renewed | Stopped:
    """What follows from one more call; `calibration` is of the new encoder.

    Raises:
        CalibrationUnusable: the calibration is for another encoder.
    """
    if not has_consent:
        return Stopped(subject=state.subject)
    calibration.check_fits(state.encoder)
    kept = _recent(state, call.at, settings)
    doubt = _doubt(kept, call, settings)
    if doubt:
        return replace(kept, note=doubt)
    heard = Collected(vector=call.vector, net_ms=call.net_ms, at=call.at, proven_by=call.proven_by)
    grown = replace(kept, calls=(*kept.calls, heard), note="")
    if len(grown.calls) > 1 and not _agree(grown, calibration):
        # Nobody can tell which of the calls was somebody else's.
        return replace(kept, calls=(), note="The calls do not sound like one person; begun again.")
    return _renewed(grown, settings) or grown


def _recent(state: Collecting, now: datetime, settings: ReenrolSettings) -> Collecting:
    oldest = now - timedelta(days=settings.keep_days)
    return replace(state, calls=tuple(call for call in state.calls if call.at > oldest), note="")


def _doubt(state: Collecting, call: ProvenCall, settings: ReenrolSettings) -> str | None:
    if call.proven_by is ProvenBy.EARLIER_ENCODER:
        if not _is_proven(call.earlier, state):
            return "The earlier encoder did not accept the voice."
        if not _is_clear(call.earlier, settings):
            return "The earlier encoder accepted the voice, but not clearly enough."
    if call.net_ms < settings.enrol.recording_net_ms:
        return "The call holds too little speech."
    if not np.isfinite(call.vector).all():
        return "The sound cannot be compared."
    return None


def _is_proven(verdict: Verdict | None, state: Collecting) -> bool:
    if verdict is None or verdict.outcome is not Outcome.ACCEPTED:
        return False
    return verdict.encoder == state.expired


def _is_clear(verdict: Verdict | None, settings: ReenrolSettings) -> bool:
    if verdict is None or verdict.llr is None or verdict.threshold is None:
        return False
    return verdict.llr >= verdict.threshold + settings.headroom


def _agree(state: Collecting, calibration: Calibration) -> bool:
    vectors = [call.vector for call in state.calls]
    try:
        check_agreement(vectors, [call.net_ms for call in state.calls], calibration)
    except SamplesDisagree:
        return False
    return True


def _renewed(state: Collecting, settings: ReenrolSettings) -> Renewed | None:
    needs = settings.enrol
    if len(state.calls) < max(needs.recordings, 2) or state.net_ms < needs.net_ms:
        return None
    nets_ms = [call.net_ms for call in state.calls]
    return Renewed(
        voiceprint=Voiceprint(
            subject=state.subject,
            encoder=state.encoder,
            vector=mean_voice([call.vector for call in state.calls], nets_ms),
            net_speech_ms=sum(nets_ms),
            recordings=len(state.calls),
            enrolled_at=state.calls[-1].at,
            weights_sha256=state.weights_sha256,
        )
    )
