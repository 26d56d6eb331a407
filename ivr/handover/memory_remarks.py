"""Remarks for as long as the process lives."""

from datetime import datetime, timedelta
from threading import Lock

from ivr.handover.remarks import Remarks


class MemoryRemarks:
    """Every thread may use them."""

    def __init__(self, *, keep: timedelta) -> None:
        self._keep = keep
        self._kept: dict[str, tuple[datetime, Remarks]] = {}
        self._lock = Lock()

    def find(self, token_digest: str, now: datetime) -> Remarks:
        with self._lock:
            at, found = self._kept.get(token_digest, (now, Remarks()))
        return found if now - at <= self._keep else Remarks()

    def put(self, token_digest: str, remarks: Remarks, now: datetime) -> None:
        with self._lock:
            self._kept[token_digest] = (now, remarks)

    def expire(self, now: datetime) -> int:
        with self._lock:
            old = [name for name, (at, _) in self._kept.items() if now - at > self._keep]
            for name in old:
                del self._kept[name]
            return len(old)
