"""When a voiceprint last did its owner a service: what is not used is not kept."""

from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from biometrics.voiceprint import SubjectId

COARSE = timedelta(days=1)
"""A use is noted once a day: retention counts in years, and when somebody calls is their own."""


class Uses(Protocol):
    """Keeps the day of the last use. Every method raises StoreUnavailable."""

    def note(self, subject: SubjectId, now: datetime) -> None:
        """The voice was enrolled or accepted; earlier by less than a day changes nothing."""

    def last(self, subject: SubjectId) -> datetime | None: ...

    def idle_since(self, moment: datetime) -> tuple[SubjectId, ...]:
        """Whose last use is no later than `moment`."""

    def forget(self, subject: SubjectId) -> None: ...


class MemoryUses:
    """Uses for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._last: dict[SubjectId, datetime] = {}
        self._lock = Lock()

    def note(self, subject: SubjectId, now: datetime) -> None:
        with self._lock:
            if subject not in self._last or now - self._last[subject] >= COARSE:
                self._last[subject] = now

    def last(self, subject: SubjectId) -> datetime | None:
        with self._lock:
            return self._last.get(subject)

    def idle_since(self, moment: datetime) -> tuple[SubjectId, ...]:
        with self._lock:
            return tuple(sorted(one for one, at in self._last.items() if at <= moment))

    def forget(self, subject: SubjectId) -> None:
        with self._lock:
            self._last.pop(subject, None)
