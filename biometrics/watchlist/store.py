"""Where lists and the voices on them are kept, and the twin in memory."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from biometrics.errors import UnknownWatchlist
from biometrics.records.receipt import Receipt
from biometrics.voiceprint import SubjectId, Voiceprint
from biometrics.watchlist.lists import Watchlist, WatchlistId

ENTRY, LIST, KEY, KEYS = "entry", "watchlist", "key", "keys"
"""What a receipt can name."""

NO_LIST = "There is no such watchlist."


class WatchlistStore(Protocol):
    """Keeps lists, and voices as entries of them. An entry is a print under the entry's own id.

    Every method raises StoreUnavailable when it cannot do what it says. What erases may then have
    been done in part, never the other way: what was destroyed stays destroyed.
    """

    def keep(self, watchlist: Watchlist) -> None:
        """A new list, or what is known of it now."""

    def lists(self) -> tuple[Watchlist, ...]:
        """Every list, oldest first."""

    def add(self, watchlist: WatchlistId, entry: Voiceprint) -> None:
        """Keep one more voice.

        Raises:
            UnknownWatchlist: there is no such list.
        """

    def revision(self, watchlist: WatchlistId) -> int:
        """Changes with every change of the list's entries.

        Raises:
            UnknownWatchlist: there is no such list.
        """

    def entries(self, watchlist: WatchlistId) -> frozenset[SubjectId]:
        """The ids of a list's entries."""

    def prints(self, entries: Sequence[SubjectId]) -> Iterator[Voiceprint]:
        """The entries that are there and whose keys are."""

    def remove(self, watchlist: WatchlistId, entry: SubjectId, *, at: datetime) -> Receipt:
        """Destroy an entry's key, and with it every copy of its voice."""

    def delete(self, watchlist: WatchlistId, *, at: datetime) -> Receipt:
        """Destroy the keys of all entries and of the list."""


@dataclass(slots=True, kw_only=True)
class _Kept:
    watchlist: Watchlist
    revision: int = 0
    entries: dict[SubjectId, Voiceprint] = field(default_factory=dict)


class MemoryWatchlists:
    """Lists for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._lists: dict[WatchlistId, _Kept] = {}
        self._lock = Lock()

    def keep(self, watchlist: Watchlist) -> None:
        with self._lock:
            kept = self._lists.setdefault(watchlist.id, _Kept(watchlist=watchlist))
            kept.watchlist = watchlist

    def lists(self) -> tuple[Watchlist, ...]:
        with self._lock:
            return tuple(kept.watchlist for kept in self._lists.values())

    def add(self, watchlist: WatchlistId, entry: Voiceprint) -> None:
        with self._lock:
            kept = self._found(watchlist)
            kept.entries[entry.subject] = entry
            kept.revision += 1

    def revision(self, watchlist: WatchlistId) -> int:
        with self._lock:
            return self._found(watchlist).revision

    def entries(self, watchlist: WatchlistId) -> frozenset[SubjectId]:
        with self._lock:
            kept = self._lists.get(watchlist)
            return frozenset(kept.entries if kept else ())

    def prints(self, entries: Sequence[SubjectId]) -> Iterator[Voiceprint]:
        with self._lock:
            every = {name: it for kept in self._lists.values() for name, it in kept.entries.items()}
        return (every[entry] for entry in entries if entry in every)

    def remove(self, watchlist: WatchlistId, entry: SubjectId, *, at: datetime) -> Receipt:
        with self._lock:
            kept = self._lists.get(watchlist)
            gone = kept.entries.pop(entry, None) if kept else None
            if kept is None or gone is None:
                return Receipt(subject=entry, at=at, what=())
            kept.revision += 1
        return Receipt(subject=entry, at=at, what=(ENTRY,), sha256=_digest([gone]))

    def delete(self, watchlist: WatchlistId, *, at: datetime) -> Receipt:
        subject = SubjectId(watchlist)
        with self._lock:
            kept = self._lists.pop(watchlist, None)
        if kept is None:
            return Receipt(subject=subject, at=at, what=())
        gone = list(kept.entries.values())
        what = (LIST, *[ENTRY] * len(gone))
        return Receipt(subject=subject, at=at, what=what, sha256=_digest(gone))

    def _found(self, watchlist: WatchlistId) -> _Kept:
        kept = self._lists.get(watchlist)
        if kept is None:
            raise UnknownWatchlist(NO_LIST)
        return kept


def _digest(gone: Sequence[Voiceprint]) -> str:
    return hashlib.sha256(b"".join(it.vector.tobytes() for it in gone)).hexdigest()
