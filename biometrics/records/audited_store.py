"""A store whose every read and change is in the audit trail, or does not happen."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from biometrics.enrolment.learned import Learned, Lesson
from biometrics.errors import StoreUnavailable, VoiceProblem
from biometrics.records.audit import AuditKind, as_code
from biometrics.records.receipt import Receipt
from biometrics.records.witness import Witness
from biometrics.storage.store import OptedOut, VoiceprintStore
from biometrics.voiceprint import SubjectId, Voiceprint


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

    def learned(self, subject: SubjectId) -> Learned | None:
        found = self.store.learned(subject)
        self.witness.saw(AuditKind.READ, subject, found="nothing" if found is None else "enrolled")
        return found

    def learn(self, subject: SubjectId, lesson: Lesson) -> bool:
        """A lesson that changes nothing has read the print all the same."""
        announced: list[AuditKind] = []

        def told(kept: Learned) -> Learned | Voiceprint | None:
            taught = lesson(kept)
            kind, details = _change(kept, taught)
            self.witness.saw(kind, subject, **details)
            announced.append(kind)
            return taught

        try:
            return self.store.learn(subject, told)
        except VoiceProblem as err:
            for kind in announced:
                with suppress(StoreUnavailable):
                    self.witness.saw(AuditKind.FAILED, subject, what=kind, why=err.code)
            raise

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


def _change(
    before: Learned, after: Learned | Voiceprint | None
) -> tuple[AuditKind, dict[str, str]]:
    """What a lesson does, in codes."""
    match after:
        case None:
            return AuditKind.READ, {"found": "enrolled"}
        case Voiceprint():
            return AuditKind.RENEWED, {"encoder": as_code(after.encoder)}
        case Learned() if after.following is not before.following:
            return AuditKind.ADAPTED, {"encoder": as_code(after.following.original.encoder)}
        case Learned():
            was, is_now = (
                one.collecting.calls if one.collecting else () for one in (before, after)
            )
            voice = "added" if len(is_now) > len(was) else "forgotten"
            return AuditKind.COLLECTED, {"voice": voice}
