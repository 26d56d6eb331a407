"""PINs for as long as the process lives."""

from dataclasses import replace
from datetime import datetime
from threading import Lock

from biometrics import SubjectId
from ivr.verify.attempts import Locked
from ivr.verify.pin import PinRecord
from ivr.verify.pins import Kept, Try


class MemoryPins:
    """PINs that no other process sees. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[SubjectId, tuple[PinRecord, Kept]] = {}
        self._lock = Lock()

    def standing(self, subject: SubjectId) -> Kept | None:
        with self._lock:
            found = self._kept.get(subject)
        return found[1] if found else None

    def put(self, subject: SubjectId, record: PinRecord, now: datetime) -> None:
        with self._lock:
            self._kept[subject] = (record, Kept(set_at=now, wrong=0))

    def take_try(self, subject: SubjectId, *, most_wrong: int) -> Try | Locked | None:
        with self._lock:
            if subject not in self._kept:
                return None
            record, kept = self._kept[subject]
            if kept.wrong >= most_wrong:
                return Locked(until=None)
            wrong = kept.wrong + 1
            self._kept[subject] = (record, replace(kept, wrong=wrong))
        return Try(record=record, is_last=wrong >= most_wrong)

    def forgive(self, subject: SubjectId) -> bool:
        with self._lock:
            if subject not in self._kept:
                return False
            record, kept = self._kept[subject]
            self._kept[subject] = (record, replace(kept, wrong=0))
        return True

    def remove(self, subject: SubjectId) -> bool:
        with self._lock:
            return self._kept.pop(subject, None) is not None
