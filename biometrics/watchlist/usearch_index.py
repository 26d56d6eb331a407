"""The nearest of very many voices, through usearch. Nothing else imports it."""

from collections.abc import Iterable, Mapping
from threading import Lock

import numpy as np
from usearch.index import Index as Graph

from biometrics.voiceprint import SubjectId, Vector
from biometrics.watchlist.index import Near

_NEIGHBOURS = 16
_SEEN_ADDING = 128
_SEEN_SEARCHING = 1_024
"""Voices that a search looks at on its way: fewer are faster and miss more of the nearest; what
this one misses is measured by `python -m biometrics.watchlist.speed`."""


class UsearchIndex:
    """A graph of near voices (hierarchical navigable small worlds) in half precision, in memory."""

    def __init__(self, dimension: int) -> None:
        self._graph = Graph(
            ndim=dimension,
            metric="ip",
            dtype="f16",
            connectivity=_NEIGHBOURS,
            expansion_add=_SEEN_ADDING,
            expansion_search=_SEEN_SEARCHING,
        )
        self._subjects: dict[int, SubjectId] = {}
        self._keys: dict[SubjectId, int] = {}
        self._next = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, voices: Mapping[SubjectId, Vector]) -> None:
        if not voices:
            return
        with self._lock:
            self._drop(voices)
            keys = np.arange(self._next, self._next + len(voices), dtype=np.uint64)
            self._next += len(voices)
            # With more threads, voices that come in at the same moment may not be linked to each
            # other: about one small index in two then held a voice that no search reached.
            self._graph.add(keys, np.stack(list(voices.values())).astype(np.float32), threads=1)
            for key, subject in zip(keys.tolist(), voices, strict=True):
                self._subjects[key] = subject
                self._keys[subject] = key

    def remove(self, subjects: Iterable[SubjectId]) -> None:
        with self._lock:
            self._drop(subjects)

    def nearest(self, voice: Vector, *, most: int) -> tuple[Near, ...]:
        if not np.isfinite(voice).all():
            return ()
        with self._lock:
            most = min(most, len(self._keys))
            if most < 1:
                return ()
            found = self._graph.search(voice.astype(np.float32), most)
            pairs = zip(found.keys.tolist(), found.distances.tolist(), strict=True)
            return tuple(
                Near(subject=self._subjects[key], cosine=1.0 - distance)
                for key, distance in pairs
                if key in self._subjects
            )

    def _drop(self, subjects: Iterable[SubjectId]) -> None:
        for subject in subjects:
            key = self._keys.pop(subject, None)
            if key is not None:
                del self._subjects[key]
                self._graph.remove(key)
