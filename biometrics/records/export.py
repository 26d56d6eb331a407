"""Everything that is held on a subject, for them to have (GDPR Art. 15 and 20)."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np

from biometrics.enrolment.learned import Collecting, Following, Learned
from biometrics.records.audit import AuditKind, AuditTrail
from biometrics.records.audit_chain import AuditEntry
from biometrics.records.consent import Consent, ConsentEntry
from biometrics.records.rights import Rights
from biometrics.storage.store import OptedOut
from biometrics.voiceprint import SubjectId, Vector, Voiceprint


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingPart:
    """What calls have added to the voiceprint since it was enrolled."""

    calls: int
    net_speech_ms: int
    share: float
    """Weight of these calls in what is compared, 0 to 1."""

    template: str | None = field(default=None, repr=False)
    """Their mean, as the voiceprint's; only where it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedPart:
    """One call towards a voiceprint of another encoder."""

    at: datetime
    net_speech_ms: int
    proven_by: str
    template: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectingPart:
    """What was collected towards a voiceprint of another encoder."""

    encoder: str
    weights_sha256: str
    calls: tuple[CollectedPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceprintPart:
    """What is kept of the voice."""

    encoder: str
    weights_sha256: str
    enrolled_at: datetime
    net_speech_ms: int
    recordings: int
    last_used_at: datetime | None
    """The day on which it was last enrolled or accepted."""

    expires_at: datetime
    template: str | None = field(default=None, repr=False)
    """The vector as it was enrolled, little-endian float32, base64; only where it was asked for."""

    following: FollowingPart | None = None
    """None where nothing was learned from calls."""

    collecting: CollectingPart | None = None
    """None where nothing is collected for another voiceprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPart:
    """One entry of the ledger."""

    purpose: str
    granted: bool
    at: datetime
    expires_at: datetime | None = None
    text: str | None = None
    text_sha256: str | None = None
    language: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptsPart:
    """One count of failed verifications."""

    kind: str
    """What is counted, such as subject."""

    failures: int
    is_closed: bool
    """No further try may be made now."""

    closed_until: datetime | None = None
    """None while it is closed: until a person acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPart:
    """Recordings of one list that were heard beforehand, to enrol from."""

    folder: str
    """As it is called in the trail."""

    begun_at: datetime
    expires_at: datetime
    recordings: int | None
    """Of the subject; None where the folder cannot be looked into here and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPart:
    """One entry of the trail about the subject."""

    sequence: int
    at: datetime
    actor: str
    kind: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything held on one subject at a moment."""

    subject: str
    made_at: datetime
    status: Literal["enrolled", "opted_out", "not_enrolled"]
    voiceprint: VoiceprintPart | None
    consents: tuple[ConsentPart, ...]
    attempts: tuple[AttemptsPart, ...]
    """Failed verifications that still count."""

    encoded: tuple[EncodedPart, ...]
    """Lists in which there are recordings of the subject, or may be."""

    audit: tuple[AuditPart, ...]


def export_subject(  # noqa: PLR0913 - everything that is held, and each of another kind
    subject: SubjectId,
    *,
    rights: Rights,
    trail: AuditTrail,
    attempts: tuple[AttemptsPart, ...],
    now: datetime,
    encoded: Callable[[], tuple[EncodedPart, ...]] = tuple,
    with_template: bool = False,
) -> Export:
    """What is held, which is told in the trail beforehand.

    Raises:
        StoreUnavailable: something could not be read, or the trail not be written.
    """
    template = "included" if with_template else "left_out"
    with rights.witness.announced(AuditKind.EXPORTED, subject, template=template):
        found = rights.store.get(subject)
        kept = rights.store.learned(subject) if isinstance(found, Voiceprint) else None
        print_ = _print(kept, rights, with_template) if kept is not None else None
        return Export(
            subject=subject,
            made_at=now,
            status=_status(found),
            voiceprint=print_,
            consents=tuple(_consent(entry) for entry in rights.ledger.history(subject)),
            attempts=attempts,
            encoded=encoded(),
            audit=tuple(_audit(entry) for entry in trail.entries(subject)),
        )


def _status(
    found: Voiceprint | OptedOut | None,
) -> Literal["enrolled", "opted_out", "not_enrolled"]:
    match found:
        case Voiceprint():
            return "enrolled"
        case OptedOut():
            return "opted_out"
        case None:
            return "not_enrolled"


def _print(kept: Learned, rights: Rights, with_template: bool) -> VoiceprintPart:  # noqa: FBT001 - handed through
    found = kept.following.original
    return VoiceprintPart(
        encoder=found.encoder,
        weights_sha256=found.weights_sha256,
        enrolled_at=found.enrolled_at,
        net_speech_ms=found.net_speech_ms,
        recordings=found.recordings,
        last_used_at=rights.uses.last(found.subject),
        expires_at=rights.expires_at(found),
        template=_template(found.vector) if with_template else None,
        following=_following(kept.following, with_template),
        collecting=_collecting(kept.collecting, with_template) if kept.collecting else None,
    )


def _following(kept: Following, with_template: bool) -> FollowingPart | None:  # noqa: FBT001 - as above
    if kept.later is None:
        return None
    return FollowingPart(
        calls=kept.calls,
        net_speech_ms=kept.later_net_ms,
        share=kept.share,
        template=_template(kept.later) if with_template else None,
    )


def _collecting(kept: Collecting, with_template: bool) -> CollectingPart:  # noqa: FBT001 - as above
    return CollectingPart(
        encoder=kept.encoder,
        weights_sha256=kept.weights_sha256,
        calls=tuple(
            CollectedPart(
                at=call.at,
                net_speech_ms=call.net_ms,
                proven_by=call.proven_by,
                template=_template(call.vector) if with_template else None,
            )
            for call in kept.calls
        ),
    )


def _template(vector: Vector) -> str:
    return base64.b64encode(vector.astype(np.dtype("<f4")).tobytes()).decode()


def _consent(entry: ConsentEntry) -> ConsentPart:
    if not isinstance(entry, Consent):
        return ConsentPart(purpose=entry.purpose, granted=False, at=entry.withdrawn_at)
    return ConsentPart(
        purpose=entry.purpose,
        granted=True,
        at=entry.given_at,
        expires_at=entry.expires_at,
        text=entry.text,
        text_sha256=entry.text_sha256,
        language=entry.language,
        channel=entry.channel,
    )


def _audit(entry: AuditEntry) -> AuditPart:
    return AuditPart(
        sequence=entry.sequence,
        at=entry.at,
        actor=entry.actor,
        kind=entry.kind,
        details=dict(entry.details),
    )
