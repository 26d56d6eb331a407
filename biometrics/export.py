"""Everything that is held on a subject, for them to have (GDPR Art. 15 and 20)."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np

from biometrics.audit import AuditKind, AuditTrail
from biometrics.audit_chain import AuditEntry
from biometrics.consent import Consent, ConsentEntry
from biometrics.rights import Rights
from biometrics.store import OptedOut
from biometrics.voiceprint import SubjectId, Voiceprint


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
    """The vector as little-endian float32, base64; only where it was asked for."""


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

    audit: tuple[AuditPart, ...]


def export_subject(  # noqa: PLR0913 - everything that is held, and each of another kind
    subject: SubjectId,
    *,
    rights: Rights,
    trail: AuditTrail,
    attempts: tuple[AttemptsPart, ...],
    now: datetime,
    with_template: bool = False,
) -> Export:
    """What is held, which is told in the trail beforehand.

    Raises:
        StoreUnavailable: something could not be read, or the trail not be written.
    """
    template = "included" if with_template else "left_out"
    with rights.witness.announced(AuditKind.EXPORTED, subject, template=template):
        found = rights.store.get(subject)
        print_ = _print(found, rights, with_template) if isinstance(found, Voiceprint) else None
        return Export(
            subject=subject,
            made_at=now,
            status=_status(found),
            voiceprint=print_,
            consents=tuple(_consent(entry) for entry in rights.ledger.history(subject)),
            attempts=attempts,
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


def _print(found: Voiceprint, rights: Rights, with_template: bool) -> VoiceprintPart:  # noqa: FBT001 - handed through
    return VoiceprintPart(
        encoder=found.encoder,
        weights_sha256=found.weights_sha256,
        enrolled_at=found.enrolled_at,
        net_speech_ms=found.net_speech_ms,
        recordings=found.recordings,
        last_used_at=rights.uses.last(found.subject),
        expires_at=rights.expires_at(found),
        template=_template(found) if with_template else None,
    )


def _template(found: Voiceprint) -> str:
    return base64.b64encode(found.vector.astype(np.dtype("<f4")).tobytes()).decode()


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
