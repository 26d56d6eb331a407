"""A store whose every read and change is in the audit trail, or does not happen."""

from dataclasses import dataclass
from datetime import datetime

from biometrics.audit import AuditKind, as_code
from biometrics.receipt import Receipt
from biometrics.store import OptedOut, VoiceprintStore
from biometrics.voiceprint import SubjectId, Voiceprint
from biometrics.witness import Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedStore:
    """Changes are written down before they are made, reads before their answer is given.

    Every method raises StoreUnavailable where the trail cannot be written.
    """

    store: VoiceprintStore
    witness: Witness

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        found = self.store.get(subject)
        self.witness.saw(AuditKind.READ, subject, found=_state(found))
        return found

    def put(self, voiceprint: Voiceprint) -> None:
        encoder = as_code(voiceprint.encoder)
        with self.witness.announced(AuditKind.KEPT, voiceprint.subject, encoder=encoder):
            self.store.put(voiceprint)

    def opt_out(self, subject: SubjectId) -> None:
        with self.witness.announced(AuditKind.OPTED_OUT, subject):
            self.store.opt_out(subject)

    def remove(self, subject: SubjectId) -> bool:
        with self.witness.announced(AuditKind.REMOVED, subject):
            return self.store.remove(subject)

    def revert(self, subject: SubjectId) -> bool:
        with self.witness.announced(AuditKind.REVERTED, subject):
            return self.store.revert(subject)

    def revoke(self, subject: SubjectId) -> bool:
        with self.witness.announced(AuditKind.REVOKED, subject):
            return self.store.revoke(subject)

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        with self.witness.announced(AuditKind.ERASED, subject):
            return self.store.erase(subject, at=at)


def _state(found: Voiceprint | OptedOut | None) -> str:
    match found:
        case Voiceprint():
            return "enrolled"
        case OptedOut():
            return "opted_out"
        case None:
            return "nothing"
