"""Where voiceprints are kept, and its twin in memory."""

from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from biometrics.errors import SubjectOptedOut
from biometrics.voiceprint import SubjectId, Voiceprint

REFUSED = "This person has refused voice recognition; nothing was kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """This person has refused voice recognition."""

    subject: SubjectId


class VoiceprintStore(Protocol):
    """Keeps one voiceprint a subject. Every method raises StoreUnavailable when it cannot."""

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None: ...

    def put(self, voiceprint: Voiceprint) -> None:
        """Keep `voiceprint` in place of an earlier one.

        Raises:
            SubjectOptedOut: the subject has refused.
        """

    def opt_out(self, subject: SubjectId) -> None:
        """Destroy what is kept and remember the refusal, also for subjects never seen."""

    def remove(self, subject: SubjectId) -> bool:
        """Forget print and refusal; says whether anything was there."""


class MemoryStore:
    """Voiceprints for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[SubjectId, Voiceprint | OptedOut] = {}
        self._lock = Lock()

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        with self._lock:
            return self._kept.get(subject)

    def put(self, voiceprint: Voiceprint) -> None:
        with self._lock:
            if isinstance(self._kept.get(voiceprint.subject), OptedOut):
                raise SubjectOptedOut(REFUSED)
            self._kept[voiceprint.subject] = voiceprint

    def opt_out(self, subject: SubjectId) -> None:
        with self._lock:
            self._kept[subject] = OptedOut(subject=subject)

    def remove(self, subject: SubjectId) -> bool:
        with self._lock:
            return self._kept.pop(subject, None) is not None
