"""Sessions for as long as the process lives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from ivr.people.person import PersonId
from ivr.people.session import Session


class MemorySessions:
    """Sessions that no other process sees. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Session] = {}
        self._lock = Lock()

    def open(self, session: Session) -> None:
        with self._lock:
            self._kept[session.digest] = session

    def find(self, digest: bytes) -> Session | None:
        with self._lock:
            return self._kept.get(digest)

    def touch(self, digest: bytes, now: datetime) -> None:
        with self._lock:
            if digest in self._kept:
                self._kept[digest] = replace(self._kept[digest], seen_at=now)

    def end(self, digest: bytes) -> bool:
        with self._lock:
            return self._kept.pop(digest, None) is not None

    def end_all(self, person: PersonId) -> int:
        return self._drop(lambda one: one.person == person)

    def expire(self, *, began_before: datetime, seen_before: datetime) -> int:
        return self._drop(lambda one: one.began_at < began_before or one.seen_at < seen_before)

    def _drop(self, is_meant: Callable[[Session], bool]) -> int:
        with self._lock:
            gone = [digest for digest, one in self._kept.items() if is_meant(one)]
            for digest in gone:
                del self._kept[digest]
            return len(gone)
