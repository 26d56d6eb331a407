"""The voices of one list in memory, kept up to date with what is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np

from biometrics.voiceprint import EncoderId, SubjectId, Vector, Voiceprint
from biometrics.watchlist.index import Index, Near
from biometrics.watchlist.sources import Source

Progress = Callable[[int, int], None]
"""How many voices of how many are in memory."""

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardBy:
    """The encoder that voices must have been heard by to be compared."""

    id: EncoderId
    weights_sha256: str
    dimension: int

    def fits(self, voiceprint: Voiceprint) -> bool:
        """Whether this encoder, with these weights, made the print."""
        return (
            voiceprint.encoder == self.id
            and voiceprint.weights_sha256 in ("", self.weights_sha256)
            and voiceprint.vector.shape == (self.dimension,)
            and bool(np.isfinite(voiceprint.vector).all())
        )


class Gallery:
    """An index and where its voices come from. Every thread may use it."""

    def __init__(self, source: Source, index: Index, encoder: HeardBy) -> None:
        self.source = source
        self._index = index
        self._encoder = encoder
        self._in: set[SubjectId] = set()
        self._others: set[SubjectId] = set()
        self._revision: int | None = None
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._index)

    @property
    def others(self) -> int:
        """Voices that another encoder made: they cannot be compared."""
        return len(self._others)

    def refresh(self, now: datetime, progress: Progress | None = None) -> bool:
        """Bring it up to date; says whether voices had to be read.

        Raises:
            StoreUnavailable: what is stored cannot be read; then it must not be searched.
        """
        with self._lock:
            revision = self.source.revision(now)
            if revision == self._revision:
                return False
            wanted = self.source.voices(now)
            self._forget(self._in - wanted)
            self._others.clear()
            fresh = sorted(wanted - self._in)
            self._read(fresh, progress)
            self._revision = revision
            return bool(fresh)

    def nearest(self, voice: Vector, *, most: int) -> tuple[Near, ...]:
        """Candidates; whether they may be told is for whoever asks to find out."""
        return self._index.nearest(voice, most=most)

    def _forget(self, gone: set[SubjectId]) -> None:
        self._index.remove(gone)
        self._in -= gone

    def _read(self, fresh: list[SubjectId], progress: Progress | None) -> None:
        done = 0
        while some := fresh[done : done + _AT_ONCE]:
            prints = list(self.source.prints(some))
            fitting = {one.subject: one.vector for one in prints if self._encoder.fits(one)}
            self._index.add(fitting)
            self._in |= fitting.keys()
            self._others |= {one.subject for one in prints if one.subject not in fitting}
            done += len(some)
            if progress:
                progress(done, len(fresh))
