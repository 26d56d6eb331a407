"""Counts whose closing doors are in the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from biometrics import AuditKind, SubjectId, Witness
from ivr.verify.attempts import (
    Allowed,
    AttemptCounts,
    AttemptKeys,
    Kind,
    Locked,
    Standing,
    Whose,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAttempts:
    """Writes down which failures closed a door, and who opened one."""

    counts: AttemptCounts
    witness: Witness

    def may_try(self, keys: AttemptKeys, now: datetime) -> Allowed | Locked:
        return self.counts.may_try(keys, now)

    def failed(self, keys: AttemptKeys, now: datetime) -> None:
        # Counted first: a trail that cannot be written must not make tries free.
        self.counts.failed(keys, now)
        permission = self.counts.may_try(keys, now)
        if isinstance(permission, Locked):
            until = "a_person_acts" if permission.is_disabled else "a_wait_is_over"
            self.witness.saw(AuditKind.LOCKED_OUT, keys.subject, until=until)

    def succeeded(self, keys: AttemptKeys, now: datetime) -> None:
        self.counts.succeeded(keys, now)

    def standing(self, whose: Whose, now: datetime) -> tuple[Standing, ...]:
        return self.counts.standing(whose, now)

    def closed(self, now: datetime) -> tuple[Standing, ...]:
        return self.counts.closed(now)

    def reset(self, whose: Whose) -> bool:
        """As the counts do.

        Raises:
            StoreUnavailable: it could not be written down, so nothing was opened.
        """
        subject = SubjectId(whose.value) if whose.kind is Kind.SUBJECT else None
        with self.witness.announced(AuditKind.RELEASED, subject, what=whose.kind.value):
            return self.counts.reset(whose)
