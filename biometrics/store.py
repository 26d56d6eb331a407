"""Where voiceprints are kept, and its twin in memory."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol

from biometrics.errors import SubjectOptedOut
from biometrics.receipt import Receipt
from biometrics.voiceprint import SubjectId, Voiceprint

REFUSED = "This person has refused voice recognition; nothing was kept."

NOW, EARLIER, KEY = "voiceprint", "earlier voiceprint", "key"
"""What a receipt can name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """This person has refused voice recognition."""

    subject: SubjectId


class VoiceprintStore(Protocol):
    """Keeps one voiceprint a subject, and the one before it.

    Every method raises StoreUnavailable when it cannot do what it says. What erases may then have
    been done in part, never the other way: what was destroyed stays destroyed.
    """

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None: ...

    def put(self, voiceprint: Voiceprint) -> None:
        """Keep `voiceprint`; the one it replaces is kept for `revert`.

        Raises:
            SubjectOptedOut: the subject has refused.
        """

    def opt_out(self, subject: SubjectId) -> None:
        """Destroy what is kept and remember the refusal, also for subjects never seen."""

    def remove(self, subject: SubjectId) -> bool:
        """Forget print and refusal; says whether anything was there."""

    def revert(self, subject: SubjectId) -> bool:
        """Bring back the print that the latest `put` replaced, once; says whether there was one."""

    def revoke(self, subject: SubjectId) -> bool:
        """Keep the print under another secret, so that a stolen record of it fits nothing here.

        Says whether there was one.
        """

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        """Destroy the subject's key and with it every copy of the print; a refusal stays."""


class MemoryStore:
    """Voiceprints for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[SubjectId, Voiceprint | OptedOut] = {}
        self._earlier: dict[SubjectId, Voiceprint] = {}
        self._lock = Lock()

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        with self._lock:
            return self._kept.get(subject)

    def put(self, voiceprint: Voiceprint) -> None:
        with self._lock:
            before = self._kept.get(voiceprint.subject)
            if isinstance(before, OptedOut):
                raise SubjectOptedOut(REFUSED)
            if before is not None:
                self._earlier[voiceprint.subject] = before
            self._kept[voiceprint.subject] = voiceprint

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
            earlier = self._earlier.pop(subject, None)
            if earlier is not None:
                self._kept[subject] = earlier
            return earlier is not None

    def revoke(self, subject: SubjectId) -> bool:
        """Nothing in memory can be stolen as a record."""
        return isinstance(self.get(subject), Voiceprint)

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        with self._lock:
            found = {NOW: self._kept.get(subject), EARLIER: self._earlier.pop(subject, None)}
            prints = {what: it for what, it in found.items() if isinstance(it, Voiceprint)}
            if NOW in prints:
                del self._kept[subject]
        if not prints:
            return Receipt(subject=subject, at=at, what=())
        digest = hashlib.sha256(b"".join(it.vector.tobytes() for it in prints.values()))
        return Receipt(subject=subject, at=at, what=tuple(prints), sha256=digest.hexdigest())
