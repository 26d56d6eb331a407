"""Presences for as long as the process lives."""

from dataclasses import replace
from datetime import datetime
from threading import Lock

from ivr.people.person import PersonId
from ivr.people.presence import UNSEEN_AFTER, Presence


class MemoryPresences:
    """Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[PersonId, Presence] = {}
        self._lock = Lock()

    def of(self, person: PersonId) -> Presence | None:
        with self._lock:
            return self._kept.get(person)

    def put(self, presence: Presence) -> None:
        with self._lock:
            self._kept[presence.person] = presence

    def seen(self, person: PersonId, now: datetime) -> None:
        with self._lock:
            if person in self._kept:
                self._kept[person] = replace(self._kept[person], seen_at=now)

    def here(self, now: datetime) -> tuple[Presence, ...]:
        with self._lock:
            found = [one for one in self._kept.values() if now - one.seen_at < UNSEEN_AFTER]
        return tuple(sorted(found, key=lambda one: one.person))

    def gone(self, person: PersonId) -> None:
        with self._lock:
            self._kept.pop(person, None)
