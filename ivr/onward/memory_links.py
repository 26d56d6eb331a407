"""Links for as long as the process lives."""

from dataclasses import replace
from datetime import datetime
from threading import Lock

from ivr.onward.codes import LinkName
from ivr.onward.link import Link


class MemoryLinks:
    """Every thread may use the same ones."""

    def __init__(self) -> None:
        self._kept: dict[LinkName, Link] = {}
        self._lock = Lock()

    def find(self, name: LinkName) -> Link | None:
        with self._lock:
            return self._kept.get(name)

    def replace(self, before: Link | None, after: Link) -> Link | None:
        with self._lock:
            found = self._kept.get(after.name)
            if _version(found) != _version(before):
                return None
            changed = replace(after, version=_version(before) + 1)
            self._kept[after.name] = changed
            return changed

    def due(self, now: datetime) -> tuple[Link, ...]:
        with self._lock:
            waiting = [(one.due_at, one) for one in self._kept.values() if one.due_at is not None]
        return tuple(one for at, one in sorted(waiting, key=lambda pair: pair[0]) if at <= now)

    def of(self, mark: str) -> tuple[Link, ...]:
        with self._lock:
            theirs = [one for one in self._kept.values() if one.mark == mark]
        return tuple(sorted(theirs, key=lambda one: one.created_at, reverse=True))

    def forget(self, before: datetime) -> int:
        with self._lock:
            old = [name for name, one in self._kept.items() if one.expires_at < before]
            for name in old:
                del self._kept[name]
        return len(old)


def _version(link: Link | None) -> int:
    return link.version if link else 0
