"""An audit trail of which it is told what is written into it, in kinds alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from biometrics import (
    AuditEntry,
    AuditEvent,
    AuditTrail,
    Broken,
    Checkpoint,
    Intact,
    Latest,
    SubjectId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTrail:
    """The trail itself, and somebody who is told of each entry."""

    trail: AuditTrail
    seen: Callable[[str], object]
    """Told the kind of an entry once it is written; must neither fail nor take long."""

    def record(self, event: AuditEvent) -> None:
        self.trail.record(event)
        self.seen(event.kind.value)

    def entries(self, subject: SubjectId | None = None) -> Iterator[AuditEntry]:
        return self.trail.entries(subject)

    def latest(self, asked: Latest) -> tuple[AuditEntry, ...]:
        return self.trail.latest(asked)

    def check(self, *checkpoints: Checkpoint) -> Intact | Broken:
        return self.trail.check(*checkpoints)

    def checkpoint(self, now: datetime) -> Checkpoint:
        return self.trail.checkpoint(now)
