"""Comparisons of people whose names are known, as arrays to learn from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration.cohort import closest_strangers
from biometrics.calibration.material import Person
from biometrics.calibration.trials import Heard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparisons:
    """Arrays of shape (trials,)."""

    scores: Floats
    net_ms: Ints
    """Speech of what was compared; of two single recordings the shorter's."""

    snr_db: Floats
    """Of what was compared; of two single recordings the noisier's; not a number if unknown."""

    claimed: Ints
    """Place of the person whose voice it should be."""

    heard: Ints
    """Place of the person who spoke."""

    source: Ints
    """Place of the folder both were found in."""

    @property
    def is_same(self) -> NDArray[np.bool_]:
        return np.asarray(self.claimed == self.heard)

    def where(self, chosen: NDArray[np.bool_]) -> "Comparisons":
        return Comparisons(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    def strangers_met(self) -> int:
        """How many different two people were compared with each other."""
        pairs = np.sort(np.stack([self.claimed, self.heard], axis=1)[~self.is_same], axis=1)
        return len(np.unique(pairs, axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scoring:
    """How two voices become a score: their cosine, or that normalised with a cohort."""

    cohort: NDArray[np.float32] | None = None
    """Shape (people, dimension)."""

    owners: Ints | None = None
    """For each person the place in the cohort that is theirs, -1 where none is."""

    def matrix(self, first: "Voices", second: "Voices") -> Floats:
        """Scores of shape (first, second)."""
        cosines = first.vectors.astype(np.float64) @ second.vectors.astype(np.float64).T
        if self.cohort is None:
            return cosines
        rows, columns = self._side(self.cohort, first), self._side(self.cohort, second)
        by_row = (cosines - rows[:, :1]) / rows[:, 1:]
        by_column = (cosines - columns[:, 0]) / columns[:, 1]
        return np.asarray(0.5 * (by_row + by_column))

    def _side(self, cohort: NDArray[np.float32], voices: "Voices") -> Floats:
        owners = None if self.owners is None else self.owners[voices.people]
        return closest_strangers(cohort, voices.vectors, owners)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voices:
    """One side of a matrix of scores."""

    vectors: NDArray[np.float32]
    """Shape (voices, dimension)."""

    people: Ints
    """Who they are, by place, shape (voices,)."""


def enrolled_comparisons(people: Sequence[Person], scoring: Scoring) -> Comparisons:
    """Every excerpt against every enrolled voice of its folder."""
    parts = []
    for source in sorted({person.source for person in people}):
        enrolled = [i for i, p in enumerate(people) if p.source == source and p.enrolment]
        excerpts = [(i, heard) for i in enrolled for heard in people[i].excerpts]
        if enrolled and excerpts:
            parts.append(_crossed(people, enrolled, excerpts, scoring))
    return joined_comparisons(parts)


def pair_comparisons(people: Sequence[Person], scoring: Scoring) -> Comparisons:
    """Every single recording against every other of its folder."""
    parts = []
    for source in sorted({person.source for person in people}):
        singles = [
            (i, heard) for i, p in enumerate(people) if p.source == source for heard in p.singles
        ]
        if len(singles) > 1:
            parts.append(_paired(source, singles, scoring))
    return joined_comparisons(parts)


def _crossed(
    people: Sequence[Person],
    enrolled: Sequence[int],
    excerpts: Sequence[tuple[int, Heard]],
    scoring: Scoring,
) -> Comparisons:
    claimed = Voices(
        vectors=np.stack([people[i].voice for i in enrolled]), people=np.array(enrolled)
    )
    spoken = _spoken(excerpts)
    matrix = scoring.matrix(claimed, spoken)
    rows, columns = np.indices(matrix.shape).reshape(2, -1)
    nets, noise = _measured(excerpts)
    return Comparisons(
        scores=matrix.ravel(),
        net_ms=nets[columns],
        snr_db=noise[columns],
        claimed=claimed.people[rows],
        heard=spoken.people[columns],
        source=np.full(matrix.size, people[enrolled[0]].source),
    )


def _paired(source: int, singles: Sequence[tuple[int, Heard]], scoring: Scoring) -> Comparisons:
    spoken = _spoken(singles)
    rows, columns = np.triu_indices(len(singles), k=1)
    nets, noise = _measured(singles)
    return Comparisons(
        scores=scoring.matrix(spoken, spoken)[rows, columns],
        net_ms=np.minimum(nets[rows], nets[columns]),
        snr_db=np.fmin(noise[rows], noise[columns]),
        claimed=spoken.people[rows],
        heard=spoken.people[columns],
        source=np.full(len(rows), source),
    )


def _spoken(heard: Sequence[tuple[int, Heard]]) -> Voices:
    vectors = np.stack([each.vector for _, each in heard])
    return Voices(vectors=vectors, people=np.array([i for i, _ in heard]))


def _measured(heard: Sequence[tuple[int, Heard]]) -> tuple[Ints, Floats]:
    """Net speech and signal-to-noise ratio of each."""
    nets = np.array([each.net_ms for _, each in heard])
    known = [math.nan if each.snr_db is None else each.snr_db for _, each in heard]
    return nets, np.array(known)


def joined_comparisons(parts: Sequence[Comparisons]) -> Comparisons:
    """One after the other."""
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Comparisons(
            scores=np.zeros(0),
            snr_db=np.zeros(0),
            **dict.fromkeys(("net_ms", "claimed", "heard", "source"), nothing),
        )
    return Comparisons(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(Comparisons)
        }
    )
