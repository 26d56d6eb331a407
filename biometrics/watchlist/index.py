"""The port to whatever finds the nearest of many voices, and its exact twin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biometrics.voiceprint import SubjectId, Vector

_FIRST_ROOM = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A voice that an index found."""

    subject: SubjectId

    cosine: float
    """About: an index may round."""


class Index(Protocol):
    """Voices by id, in memory and nowhere else: a file of it would hold readable voices.

    Every thread may use it. It only proposes: who is told about is compared once more.
    """

    def add(self, voices: Mapping[SubjectId, Vector]) -> None:
        """Voices of length one; one that is there already is replaced."""

    def remove(self, subjects: Iterable[SubjectId]) -> None:
        """They are never found again; who is not there is passed over."""

    def nearest(self, voice: Vector, *, most: int) -> tuple[Near, ...]:
        """Up to `most`, the nearest first; none for a voice that is not a number."""

    def __len__(self) -> int: ...


class ExactIndex:
    """Every voice compared with every other, by one product of matrices."""

    def __init__(self, dimension: int) -> None:
        self._voices: NDArray[np.float32] = np.zeros((_FIRST_ROOM, dimension), dtype=np.float32)
        self._subjects: list[SubjectId] = []
        self._places: dict[SubjectId, int] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._subjects)

    def add(self, voices: Mapping[SubjectId, Vector]) -> None:
        with self._lock:
            self._make_room(len(self._subjects) + len(voices))
            for subject, vector in voices.items():
                place = self._places.setdefault(subject, len(self._subjects))
                if place == len(self._subjects):
                    self._subjects.append(subject)
                self._voices[place] = vector

    def remove(self, subjects: Iterable[SubjectId]) -> None:
        """The last takes the place of who goes."""
        with self._lock:
            for subject in subjects:
                place = self._places.pop(subject, None)
                if place is None:
                    continue
                last = self._subjects.pop()
                if last != subject:
                    self._subjects[place] = last
                    self._places[last] = place
                    self._voices[place] = self._voices[len(self._subjects)]
                self._voices[len(self._subjects)] = 0.0

    def nearest(self, voice: Vector, *, most: int) -> tuple[Near, ...]:
        if not np.isfinite(voice).all():
            return ()
        with self._lock:
            cosines = self._voices[: len(self._subjects)] @ voice
            most = min(most, len(cosines))
            if most < 1:
                return ()
            top = np.argpartition(cosines, -most)[-most:]
            found = top[np.argsort(cosines[top])[::-1]]
            return tuple(
                Near(subject=self._subjects[place], cosine=float(cosines[place])) for place in found
            )

    def _make_room(self, needed: int) -> None:
        if needed > len(self._voices):
            rows = max(needed, 2 * len(self._voices))
            larger = np.zeros((rows, self._voices.shape[1]), dtype=np.float32)
            larger[: len(self._subjects)] = self._voices[: len(self._subjects)]
            self._voices = larger
