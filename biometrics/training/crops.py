"""Batches of crops over simulated lines, each made from its number alone.

Batch n is the same in every run and on every machine with the same lessons, so a run that was
stopped goes on as if it had not been.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.utils.data import Dataset

from biometrics.training.lessons import HINTS, LINE_HZ
from biometrics.training.line import over_a_line
from biometrics.training.teacher import FRAME_MS
from biometrics.training.variants import VARIANTS

_HINTS_HZ = 1_000 // FRAME_MS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """The lessons of one variant of one corpus, on disk."""

    sound: NDArray[np.int16]
    hints: NDArray[np.int8]
    """Shape (moments, 128)."""
    index: NDArray[np.int64]
    """Shape (lessons, 5): recording, first sample, samples, first moment, moments."""
    voices: NDArray[np.float32]
    """Shape (lessons, 192)."""
    speakers: NDArray[np.int64]
    """Shape (lessons,): -1 where nobody knows."""
    variant: int
    """Which of VARIANTS; each makes other speakers of the same people."""
    shares: NDArray[np.float64]
    """Shape (lessons,): how often each lesson is drawn, in any unit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Pairs of crops; two neighbours are one voice."""

    sound: torch.Tensor
    """Shape (crops, samples)."""
    voices: torch.Tensor
    """Shape (crops, 192): what the teacher hears."""
    hints: torch.Tensor
    """Shape (crops, moments, 128)."""
    speakers: torch.Tensor
    """Shape (crops,)."""


def open_shelf(
    folder: Path, variant: int, *, speakers: Sequence[int], shares: Sequence[float]
) -> Shelf:
    """What `lessons.prepare` wrote; speakers and shares are one for each recording."""
    rows = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    keys = ("recording", "sound", "samples", "hints", "moments")
    index = np.array([[row[key] for key in keys] for row in rows], dtype=np.int64)
    moments = int(index[-1, 3] + index[-1, 4])
    known = np.asarray(speakers, dtype=np.int64)[index[:, 0]]
    return Shelf(
        sound=np.memmap(folder / "sound.i16", dtype=np.int16, mode="r"),
        hints=np.memmap(folder / "hints.i8", dtype=np.int8, mode="r", shape=(moments, HINTS)),
        index=index,
        voices=_steadied(np.load(folder / "voices.npy"), known),
        speakers=known,
        variant=variant,
        shares=np.asarray(shares, dtype=np.float64)[index[:, 0]],
    )


class Crops(Dataset[Batch]):
    """Batch n as item n."""

    def __init__(
        self, shelves: Sequence[Shelf], *, plan: Sequence[tuple[int, int]], seed: int
    ) -> None:
        """`plan` gives crops and milliseconds of every batch."""
        self._shelves = shelves
        self._plan = plan
        self._seed = seed
        self._shares = [np.cumsum(shelf.shares) for shelf in shelves]
        whole = np.cumsum([shares[-1] for shares in self._shares])
        self._shelf_shares = whole / whole[-1]
        self._fellows = [_fellows(shelf.speakers) for shelf in shelves]

    def __len__(self) -> int:
        return len(self._plan)

    def __getitem__(self, number: int) -> Batch:
        draw = np.random.default_rng((self._seed, number))
        crops, ms = self._plan[number]
        found = [crop for _ in range(crops // 2) for crop in self._pair(ms, draw)]
        sound, voices, hints, speakers = zip(*found, strict=True)
        return Batch(
            sound=torch.from_numpy(np.stack(sound)),
            voices=torch.from_numpy(np.stack(voices)),
            hints=torch.from_numpy(np.stack(hints)),
            speakers=torch.tensor(speakers),
        )

    def _pair(self, ms: int, draw: Generator) -> list[tuple[object, ...]]:
        place = int(np.searchsorted(self._shelf_shares, draw.random(), side="right"))
        shares = self._shares[place]
        first = int(np.searchsorted(shares, draw.random() * shares[-1], side="right"))
        first = min(first, len(shares) - 1)
        fellows = self._fellows[place].get(int(self._shelves[place].speakers[first]))
        second = first if fellows is None else int(draw.choice(fellows))
        return [self._crop(place, lesson, ms, draw) for lesson in (first, second)]

    def _crop(self, place: int, lesson: int, ms: int, draw: Generator) -> tuple[object, ...]:
        shelf = self._shelves[place]
        _, start, samples, moment, moments = shelf.index[lesson]
        ticks = ms // FRAME_MS
        offset = int(draw.integers(max(moments - ticks, 0) + 1))
        hints = _long_enough(
            shelf.hints[moment + offset : moment + min(offset + ticks, moments)], ticks
        )
        per_tick = LINE_HZ * FRAME_MS // 1_000
        first, last = offset * per_tick, min((offset + ticks) * per_tick, samples)
        clean = _long_enough(shelf.sound[start + first : start + last], ticks * per_tick)
        line = over_a_line(_float(clean), self._babble(len(clean), draw), draw)
        speaker = int(shelf.speakers[lesson])
        label = speaker * len(VARIANTS) + shelf.variant if speaker >= 0 else -1
        return line, shelf.voices[lesson], hints.astype(np.float32) / 32, label

    def _babble(self, length: int, draw: Generator) -> NDArray[np.float32]:
        whole = np.zeros(length, dtype=np.float32)
        for _ in range(int(draw.integers(2, 6))):
            sound = self._shelves[int(draw.integers(len(self._shelves)))].sound
            start = int(draw.integers(len(sound) - length))
            whole += _float(sound[start : start + length]) * np.float32(draw.uniform(0.3, 1))
        return whole


def _steadied(voices: NDArray[np.float32], speakers: NDArray[np.int64]) -> NDArray[np.float32]:
    """Half each recording's voice, half the mean of all that its speaker said.

    What is the same in all of it is what the student should learn.
    """
    steadied = voices.copy()
    for group in _fellows(speakers).values():
        steadied[group] += voices[group].mean(axis=0)
    return np.asarray(steadied / np.linalg.norm(steadied, axis=1, keepdims=True), dtype=np.float32)


def _fellows(speakers: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    order = np.argsort(speakers, kind="stable")
    edges = np.flatnonzero(np.diff(speakers[order])) + 1
    groups = np.split(order, edges)
    return {int(speakers[group[0]]): group for group in groups if speakers[group[0]] >= 0}


def _long_enough(found: NDArray[np.generic], length: int) -> NDArray[np.generic]:
    """Repeated where a recording is shorter than the crop."""
    times = -(-length // max(len(found), 1))
    return np.asarray(np.concatenate([found] * times)[:length] if times > 1 else found[:length])


def _float(sound: NDArray[np.generic]) -> NDArray[np.float32]:
    return np.asarray(sound, dtype=np.float32) / np.float32(32_768)
