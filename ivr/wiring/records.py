"""Records about voices: who agreed, what was done, when a print was last of use."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from biometrics import (
    AssumedLedger,
    AuditedStore,
    AuditTrail,
    ConsentedStore,
    Ledger,
    OptedOut,
    StoreUnavailable,
    SubjectId,
    Uses,
    Voiceprint,
    VoiceprintStore,
    Witness,
)
from biometrics.storage.database import Engine
from ivr.seeing.seen_trail import SeenTrail
from ivr.settings import VerifySettings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Records:
    """Consents, the audit trail and last uses, in the database of the voiceprints."""

    engine: Engine
    audit_key: bytes
    """Signs the trail; stays the same while master keys change."""

    settings: VerifySettings
    seen: Callable[[str], object] = lambda _kind: None
    """Told the kind of every entry of the trail."""

    @cached_property
    def ledger(self) -> Ledger:
        from biometrics.records.sql_consent import SqlLedger

        ledger = SqlLedger(self.engine)
        return AssumedLedger(ledger) if self.settings.consent == "assumed" else ledger

    @cached_property
    def trail(self) -> AuditTrail:
        from biometrics.records.sql_audit import SqlAudit

        return SeenTrail(trail=SqlAudit(self.engine, key=self.audit_key), seen=self.seen)

    @cached_property
    def uses(self) -> Uses:
        from biometrics.records.sql_uses import SqlUses

        return SqlUses(self.engine)

    def witness(self, actor: str) -> Witness:
        """Writes down what `actor` does."""
        return Witness(audit=self.trail, clock=now, actor=actor)

    def audited(self, store: VoiceprintStore, *, actor: str) -> VoiceprintStore:
        """All that is kept, for what people ask about their own voice."""
        return AuditedStore(store=store, witness=self.witness(actor))

    def for_use(self, store: VoiceprintStore, *, actor: str) -> VoiceprintStore:
        """What people agreed to, for calls and enrolments."""
        return self.audited(self.agreed(store), actor=actor)

    def agreed(self, store: VoiceprintStore) -> ConsentedStore:
        """What people agreed to."""
        return ConsentedStore(store=store, ledger=self.ledger, uses=self.uses, clock=now)

    def note_use(self, subject: SubjectId, moment: datetime) -> None:
        """The voice was accepted. What cannot be noted only lets it expire sooner."""
        try:
            self.uses.note(subject, moment)
        except StoreUnavailable:
            log.warning("use of a voiceprint not noted")

    def oldest_days(self, found: Voiceprint | OptedOut | None, moment: datetime) -> int:
        """The age up to which this voiceprint proves something: it counts from its last use."""
        days = self.settings.expires_after_days
        if not isinstance(found, Voiceprint) or moment - found.enrolled_at < timedelta(days=days):
            return days
        try:
            last = self.uses.last(found.subject) or found.enrolled_at
        except StoreUnavailable:
            return days
        return days + max((last - found.enrolled_at).days, 0)


def now() -> datetime:
    """Aware, UTC."""
    return datetime.now(UTC)
