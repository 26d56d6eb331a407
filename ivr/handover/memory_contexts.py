"""Contexts for as long as the process lives."""

from datetime import datetime, timedelta
from threading import Lock

from ivr.handover.context import Context
from ivr.handover.contexts import digest


class MemoryContexts:
    """Every thread may use the same ones."""

    def __init__(self, *, keep: timedelta) -> None:
        self._keep = keep
        self._kept: dict[str, Context] = {}
        self._lock = Lock()

    def put(self, token: str, context: Context) -> None:
        with self._lock:
            self._kept[digest(token)] = context

    def find(self, token: str, now: datetime) -> Context | None:
        return self.of_digest(digest(token), now)

    def of_digest(self, token_digest: str, now: datetime) -> Context | None:
        with self._lock:
            found = self._kept.get(token_digest)
        return found if found is not None and now - found.at <= self._keep else None

    def expire(self, now: datetime) -> int:
        with self._lock:
            old = [token for token, one in self._kept.items() if now - one.at > self._keep]
            for token in old:
                del self._kept[token]
        return len(old)
