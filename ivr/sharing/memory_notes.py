"""Notes for as long as the process lives."""

from datetime import datetime
from threading import Lock

from ivr.sharing.notes import KEEP, Kind


class MemoryNotes:
    """Every thread may use them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Kind, str], tuple[datetime, bytes]] = {}
        self._lock = Lock()

    def put(self, kind: Kind, name: str, value: bytes, now: datetime) -> None:
        with self._lock:
            self._kept[kind, name] = (now, value)

    def find(self, kind: Kind, name: str, now: datetime) -> bytes | None:
        with self._lock:
            found = self._kept.get((kind, name))
        return found[1] if found and now - found[0] <= KEEP[kind] else None

    def redeem(self, kind: Kind, name: str, now: datetime) -> bytes | None:
        with self._lock:
            found = self._kept.pop((kind, name), None)
        return found[1] if found and now - found[0] <= KEEP[kind] else None

    def expire(self, now: datetime) -> int:
        with self._lock:
            old = [one for one, (at, _) in self._kept.items() if now - at > KEEP[one[0]]]
            for one in old:
                del self._kept[one]
            return len(old)
