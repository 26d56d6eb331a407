"""Finds a recording's row by what is in its file, with 16 bytes of memory a row."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ivr.bulk.folder import Folder
from ivr.bulk.row import Heard, Row
from ivr.errors import BadBulkFolder

_KEY_DIGITS = 16
"""Of the digest, 64 bits; rows that share them are told apart by the whole of it."""


@dataclass(slots=True, kw_only=True, eq=False)
class Index:
    """All recordings of a folder that were heard."""

    folder: Folder
    keys: NDArray[np.uint64] = field(repr=False)
    """Beginnings of digests, sorted."""

    shards: NDArray[np.uint32]
    """Where each lies."""

    rows: NDArray[np.uint32]
    _last: tuple[int, tuple[Row, ...]] = field(default=(-1, ()), repr=False)

    @classmethod
    def of(cls, folder: Folder) -> Self:
        """Raises BadBulkFolder: a shard is damaged, or one before others is missing."""
        keys: list[NDArray[np.uint64]] = []
        places: list[NDArray[np.uint32]] = []
        for number, rows in enumerate(folder.shards()):
            found = [(row.heard.digest, at) for at, row in enumerate(rows) if row.heard]
            keys.append(np.array([_key(digest) for digest, _ in found], dtype=np.uint64))
            own = np.array([(number, at) for _, at in found], dtype=np.uint32)
            places.append(own.reshape(-1, 2))
        if not keys:
            raise BadBulkFolder(f"{folder.path} holds nothing yet. Encode into it first.")
        joined, where = np.concatenate(keys), np.concatenate(places)
        order = np.argsort(joined, kind="stable")
        return cls(folder=folder, keys=joined[order], shards=where[order, 0], rows=where[order, 1])

    def find(self, digest: str) -> Heard | None:
        """What was heard in the file of this digest."""
        place = int(np.searchsorted(self.keys, np.uint64(_key(digest))))
        while place < len(self.keys) and int(self.keys[place]) == _key(digest):
            heard = self._shard(int(self.shards[place]))[int(self.rows[place])].heard
            if heard is not None and heard.digest == digest:
                return heard
            place += 1
        return None

    def _shard(self, number: int) -> tuple[Row, ...]:
        # Lists are mostly enrolled in the order in which they were encoded.
        if self._last[0] != number:
            rows = self.folder.read(number)
            if rows is None:
                raise BadBulkFolder(f"A shard of {self.folder.path} is gone or damaged.")
            self._last = (number, rows)
        return self._last[1]


def _key(digest: str) -> int:
    return int(digest[:_KEY_DIGITS], 16)
