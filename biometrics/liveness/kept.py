"""What is remembered of a subject's earlier recordings, and its twin in memory."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from biometrics.liveness.fingerprint import Fingerprint
from biometrics.liveness.line_sound import LineSound
from biometrics.voiceprint import SubjectId

MOST_KEPT = 24
"""Recordings remembered of a subject: the oldest gives way. Some 14 kB at 5 s each."""

MOST_VISITS = 64
"""Turns whose times are remembered of a subject."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """One recording that was enrolled or accepted, as far as it can be recognised again."""

    digest: bytes = field(repr=False)
    """Of its samples, 32 bytes."""

    fingerprint: Fingerprint = field(repr=False)
    line: LineSound | None
    """What its line sounds like; None where it was too short to tell."""

    heard_at: datetime
    """Aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """When a turn was spoken; both aware."""

    began_at: datetime
    ended_at: datetime


class FingerprintStore(Protocol):
    """Remembers recordings by subject. Every method raises StoreUnavailable when it cannot."""

    def kept(self, subject: SubjectId) -> tuple[Kept, ...]:
        """What is remembered, the newest first."""

    def keep(self, subject: SubjectId, recording: Kept) -> None:
        """Remember one more; of more than `MOST_KEPT` the oldest is forgotten."""

    def visited(self, subject: SubjectId, visit: Visit) -> tuple[Visit, ...]:
        """Remember when a turn was spoken and say when earlier ones were, the newest first."""

    def forget(self, subject: SubjectId) -> bool:
        """Forget all of it; says whether anything was there."""


class MemoryFingerprints:
    """Fingerprints for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: defaultdict[SubjectId, tuple[Kept, ...]] = defaultdict(tuple)
        self._visits: defaultdict[SubjectId, tuple[Visit, ...]] = defaultdict(tuple)
        self._lock = Lock()

    def kept(self, subject: SubjectId) -> tuple[Kept, ...]:
        with self._lock:
            return self._kept.get(subject, ())

    def keep(self, subject: SubjectId, recording: Kept) -> None:
        with self._lock:
            self._kept[subject] = (recording, *self._kept[subject])[:MOST_KEPT]

    def visited(self, subject: SubjectId, visit: Visit) -> tuple[Visit, ...]:
        with self._lock:
            earlier = self._visits[subject]
            self._visits[subject] = (visit, *earlier)[:MOST_VISITS]
            return earlier

    def forget(self, subject: SubjectId) -> bool:
        with self._lock:
            found = (self._kept.pop(subject, ()), self._visits.pop(subject, ()))
            return any(found)
