"""A store that hands out and takes voiceprints only where their owner agrees."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from biometrics.enrolment.learned import Learned, Lesson
from biometrics.errors import ConsentMissing, SubjectOptedOut
from biometrics.records.consent import Ledger, Purpose
from biometrics.records.receipt import Receipt
from biometrics.records.uses import Uses
from biometrics.storage.store import REFUSED, OptedOut, VoiceprintStore
from biometrics.voiceprint import SubjectId, Voiceprint

_MISSING = (
    "No valid consent to recognition by voice is kept for this person. Record it first: "
    "ivr voiceprint consent, or --consent-text and --consent-channel of ivr enrol."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentedStore:
    """Without a valid consent to recognition a voiceprint is as if it were not there.

    Raises StoreUnavailable where the ledger cannot be asked: no answer is no consent.
    """

    store: VoiceprintStore
    ledger: Ledger
    uses: Uses
    clock: Callable[[], datetime]

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        may_compare = self._has_consent(subject)
        found = self.store.get(subject)
        return found if may_compare or isinstance(found, OptedOut) else None

    def learned(self, subject: SubjectId) -> Learned | None:
        return self.store.learned(subject) if self._may_learn(subject) else None

    def learn(self, subject: SubjectId, lesson: Lesson) -> bool:
        """Only of whoever agreed to adaptation too: one consent says nothing about another."""

        def agreed(kept: Learned) -> Learned | Voiceprint | None:
            # Asked now, for a consent may end between a call and its lesson.
            taught = lesson(kept) if self._may_learn(subject) else None
            if isinstance(taught, Voiceprint):
                self.uses.note(subject, taught.enrolled_at)
            return taught

        return self.store.learn(subject, agreed)

    def put(self, voiceprint: Voiceprint) -> None:
        """Keep `voiceprint`.

        Raises:
            ConsentMissing: its owner has not agreed, or no longer does.
            SubjectOptedOut: the subject has refused.
        """
        self.check_may_enrol(voiceprint.subject)
        # Noted first: a voiceprint that nobody knows of would never expire.
        self.uses.note(voiceprint.subject, voiceprint.enrolled_at)
        self.store.put(voiceprint)

    def opt_out(self, subject: SubjectId) -> None:
        self.store.opt_out(subject)

    def remove(self, subject: SubjectId) -> bool:
        return self.store.remove(subject)

    def revert(self, subject: SubjectId) -> bool:
        return self.store.revert(subject)

    def revoke(self, subject: SubjectId) -> bool:
        return self.store.revoke(subject)

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        return self.store.erase(subject, at=at)

    def check_may_enrol(self, subject: SubjectId) -> None:
        """Asked before a voice is listened to: without consent not even that may be done.

        Raises:
            ConsentMissing: the subject has not agreed, or no longer does.
            SubjectOptedOut: the subject has refused.
        """
        if self._has_consent(subject):
            return
        if isinstance(self.store.get(subject), OptedOut):
            raise SubjectOptedOut(REFUSED)
        raise ConsentMissing(_MISSING)

    def _has_consent(self, subject: SubjectId) -> bool:
        return self.ledger.has(subject, Purpose.RECOGNITION, self.clock())

    def _may_learn(self, subject: SubjectId) -> bool:
        return self._has_consent(subject) and self.ledger.has(
            subject, Purpose.ADAPTATION, self.clock()
        )
