"""Keys for as long as the process lives."""

from dataclasses import replace
from datetime import date, datetime
from threading import Lock

from ivr.service.api_keys import ApiKey, KeyId


class MemoryApiKeys:
    """Keys that no other process sees. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[KeyId, ApiKey] = {}
        self._lock = Lock()

    def find(self, digest: bytes) -> ApiKey | None:
        with self._lock:
            return next((key for key in self._kept.values() if key.digest == digest), None)

    def all(self) -> tuple[ApiKey, ...]:
        with self._lock:
            return tuple(sorted(self._kept.values(), key=lambda key: (key.made_at, key.id)))

    def add(self, key: ApiKey) -> bool:
        with self._lock:
            taken = (key.id in self._kept) or any(
                key.digest == one.digest for one in self._kept.values()
            )
            if not taken:
                self._kept[key.id] = key
            return not taken

    def replace(self, before: ApiKey, after: ApiKey) -> bool:
        with self._lock:
            kept = self._kept.get(before.id)
            if kept is None or _end(kept) != _end(before):
                return False
            self._kept[before.id] = replace(
                kept, expires_at=after.expires_at, revoked_at=after.revoked_at
            )
            return True

    def note_use(self, key: KeyId, day: date) -> None:
        with self._lock:
            if key in self._kept:
                self._kept[key] = replace(self._kept[key], last_used=day)


def _end(key: ApiKey) -> tuple[datetime | None, datetime | None]:
    return key.expires_at, key.revoked_at
