"""Counts of tries for as long as the process lives."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from ivr.people.tries import Standing, TryKey, TryRule, judged


class MemoryTries:
    """Counts that no other process sees. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[TryKey, Standing] = {}
        self._lock = Lock()

    def take(self, key: TryKey, rule: TryRule, now: datetime) -> timedelta:
        with self._lock:
            found = judged(self._kept.get(key), rule, now)
            if isinstance(found, timedelta):
                return found
            self._kept[key] = found
            return timedelta()

    def give_back(self, key: TryKey) -> None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None and found.failures > 0:
                self._kept[key] = replace(found, failures=found.failures - 1)

    def clear(self, key: TryKey) -> None:
        with self._lock:
            self._kept.pop(key, None)
