"""Somebody whose every act is in the audit trail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from biometrics.errors import StoreUnavailable, VoiceProblem
from biometrics.records.audit import Audit, AuditEvent, AuditKind
from biometrics.voiceprint import SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Writes down what one actor does."""

    audit: Audit
    clock: Callable[[], datetime]
    actor: str
    """As a code: service, operator, gateway, retention."""

    def saw(self, kind: AuditKind, subject: SubjectId | None, **details: str) -> None:
        """Write it down.

        Raises:
            StoreUnavailable: it could not be written.
        """
        self.audit.record(
            AuditEvent(
                kind=kind, at=self.clock(), actor=self.actor, subject=subject, details=details
            )
        )

    @contextmanager
    def announced(
        self, kind: AuditKind, subject: SubjectId | None, **details: str
    ) -> Iterator[None]:
        """What happens inside is written down before it does; a failure, after.

        Raises:
            StoreUnavailable: it could not be written, so nothing was done.
        """
        self.saw(kind, subject, **details)
        try:
            yield
        except VoiceProblem as err:
            # The announcement stands, so what did not follow it is told too, where that can be.
            with suppress(StoreUnavailable):
                self.saw(AuditKind.FAILED, subject, what=kind, why=err.code)
            raise
