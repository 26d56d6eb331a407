"""Where voiceprints are kept, and its twin in memory."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol

from biometrics.enrolment.learned import Following, Learned, Lesson
from biometrics.errors import SubjectOptedOut
from biometrics.records.receipt import Receipt
from biometrics.voiceprint import SubjectId, Voiceprint

REFUSED = "This person has refused voice recognition; nothing was kept."

NOW, EARLIER, LEARNED, KEY = "voiceprint", "earlier voiceprint", "learned from calls", "key"
"""What a receipt can name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """This person has refused voice recognition."""

    subject: SubjectId


class VoiceprintStore(Protocol):
    """Keeps one voiceprint a subject, what calls have taught since, and the print before it.

    Every method raises StoreUnavailable when it cannot do what it says. What erases may then have
    been done in part, never the other way: what was destroyed stays destroyed.
    """

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        """What calls are compared with: the print, as far as it has followed its person."""

    def learned(self, subject: SubjectId) -> Learned | None:
        """The print as it was enrolled, with what calls have taught; None where there is none."""

    def learn(self, subject: SubjectId, lesson: Lesson) -> bool:
        """Keep what `lesson` makes of what is kept; says whether that changed anything.

        It is asked once, and only where a print is kept. What it answers is kept whole or not at
        all; a print takes the place of the one before, as with `put`.
        """

    def put(self, voiceprint: Voiceprint) -> None:
        """Keep `voiceprint`; the one it replaces is kept for `revert`, without what it learned.

        Raises:
            SubjectOptedOut: the subject has refused.
        """

    def opt_out(self, subject: SubjectId) -> None:
        """Destroy what is kept and remember the refusal, also for subjects never seen."""

    def remove(self, subject: SubjectId) -> bool:
        """Forget print and refusal; says whether anything was there."""

    def revert(self, subject: SubjectId) -> bool:
        """One step back; says whether there was one.

        Where calls have taught something, it is destroyed and the enrolment is back. Where nothing
        was learned, the print that the latest enrolment replaced comes back, once.
        """

    def revoke(self, subject: SubjectId) -> bool:
        """Keep the print under another secret, so that a stolen record of it fits nothing here.

        Says whether there was one.
        """

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        """Destroy the subject's key and with it every copy of the print; a refusal stays."""


class MemoryStore:
    """Voiceprints for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[SubjectId, Learned | OptedOut] = {}
        self._earlier: dict[SubjectId, Voiceprint] = {}
        self._lock = Lock()

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        with self._lock:
            found = self._kept.get(subject)
        return found.following.current if isinstance(found, Learned) else found

    def learned(self, subject: SubjectId) -> Learned | None:
        with self._lock:
            found = self._kept.get(subject)
        return found if isinstance(found, Learned) else None

    def learn(self, subject: SubjectId, lesson: Lesson) -> bool:
        with self._lock:
            before = self._kept.get(subject)
            if not isinstance(before, Learned):
                return False
            match lesson(before):
                case None:
                    return False
                case Voiceprint() as renewed:
                    self._replace(before, renewed)
                case Learned() as taught:
                    self._kept[subject] = taught
            return True

    def put(self, voiceprint: Voiceprint) -> None:
        with self._lock:
            before = self._kept.get(voiceprint.subject)
            if isinstance(before, OptedOut):
                raise SubjectOptedOut(REFUSED)
            self._replace(before, voiceprint)

    def opt_out(self, subject: SubjectId) -> None:
        with self._lock:
            self._earlier.pop(subject, None)
            self._kept[subject] = OptedOut(subject=subject)

    def remove(self, subject: SubjectId) -> bool:
        with self._lock:
            self._earlier.pop(subject, None)
            return self._kept.pop(subject, None) is not None

    def revert(self, subject: SubjectId) -> bool:
        with self._lock:
            found = self._kept.get(subject)
            if isinstance(found, Learned) and not found.is_empty:
                self._kept[subject] = _enrolled(found.following.original)
                return True
            earlier = self._earlier.pop(subject, None)
            if earlier is not None:
                self._kept[subject] = _enrolled(earlier)
            return earlier is not None

    def revoke(self, subject: SubjectId) -> bool:
        """Nothing in memory can be stolen as a record."""
        return isinstance(self.get(subject), Voiceprint)

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        with self._lock:
            found, earlier = self._kept.get(subject), self._earlier.pop(subject, None)
            if isinstance(found, Learned):
                del self._kept[subject]
        vectors = _named(found if isinstance(found, Learned) else None, earlier)
        if not vectors:
            return Receipt(subject=subject, at=at, what=())
        digest = hashlib.sha256(b"".join(vectors.values()))
        return Receipt(subject=subject, at=at, what=tuple(vectors), sha256=digest.hexdigest())

    def _replace(self, before: Learned | None, voiceprint: Voiceprint) -> None:
        if before is not None:
            self._earlier[voiceprint.subject] = before.following.original
        self._kept[voiceprint.subject] = _enrolled(voiceprint)


def _enrolled(voiceprint: Voiceprint) -> Learned:
    return Learned(following=Following(original=voiceprint))


def _named(found: Learned | None, earlier: Voiceprint | None) -> dict[str, bytes]:
    """The vectors that are kept, as bytes, by what a receipt calls them."""
    named = {}
    if found is not None:
        named[NOW] = found.following.original.vector.tobytes()
    if earlier is not None:
        named[EARLIER] = earlier.vector.tobytes()
    if found is not None and not found.is_empty:
        later = found.following.later
        calls = found.collecting.calls if found.collecting else ()
        vectors = ([] if later is None else [later]) + [call.vector for call in calls]
        named[LEARNED] = b"".join(vector.tobytes() for vector in vectors)
    return named
