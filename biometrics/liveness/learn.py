"""Teaches the network on traits; the same seed and traits give the same weights."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from biometrics.liveness.network import Network, standardised

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """How it is learned. Kingma, Ba: "Adam", ICLR 2015, with weights that decay on their own."""

    copies: int = 6
    hidden: int = 64
    rounds: int = 70
    batch: int = 128
    rate: float = 1e-3
    decay: float = 0.3
    dropped: float = 0.15
    """Share of the traits that each sound is shown without."""
    smoothing: float = 0.03
    """Of the labels: nobody is sure."""
    seed: int = 20_260


def learn(
    found: Array, is_machine: NDArray[np.bool_], groups: Sequence[str], lesson: Lesson
) -> Network:
    """A network for traits of shape (n, COUNT); `groups` are sets of people and kinds of attack.

    People weigh as much as machines; within either, groups weigh as the root of their sizes.
    """
    mean, spread = found.mean(axis=0), np.maximum(found.std(axis=0), 1e-3)
    entering = standardised(found, mean, spread)
    shares = _shares(is_machine, groups)
    labels = np.where(is_machine, 1 - lesson.smoothing, lesson.smoothing).astype(np.float32)
    learned = [
        _one(entering, labels, shares, lesson, np.random.default_rng([lesson.seed, copy]))
        for copy in range(lesson.copies)
    ]
    hidden, hidden_offset, out, out_offset = (
        np.stack(parts) for parts in zip(*learned, strict=True)
    )
    return Network(
        mean=mean,
        spread=spread,
        hidden=hidden,
        hidden_offset=hidden_offset,
        out=out,
        out_offset=out_offset,
    )


def _shares(is_machine: NDArray[np.bool_], groups: Sequence[str]) -> NDArray[np.float64]:
    """How often each sound is drawn."""
    sizes = Counter(zip(is_machine.tolist(), groups, strict=True))
    weights = np.array(
        [sizes[key] ** -0.5 for key in zip(is_machine.tolist(), groups, strict=True)]
    )
    for side in (is_machine, ~is_machine):
        weights[side] /= 2 * weights[side].sum()
    return weights


def _one(
    entering: Array, labels: Array, shares: NDArray[np.float64], lesson: Lesson, chance: Generator
) -> tuple[Array, ...]:
    width = entering.shape[1]
    parts = [
        chance.standard_normal((width, lesson.hidden)).astype(np.float32) / np.sqrt(width),
        np.zeros(lesson.hidden, np.float32),
        chance.standard_normal(lesson.hidden).astype(np.float32) / np.sqrt(lesson.hidden),
        np.zeros((), np.float32),
    ]
    first = [np.zeros_like(part) for part in parts]
    second = [np.zeros_like(part) for part in parts]
    steps = lesson.rounds * len(entering) // lesson.batch
    for step in range(1, steps + 1):
        chosen = chance.choice(len(entering), size=lesson.batch, p=shares)
        is_shown = chance.random((lesson.batch, width)) >= lesson.dropped
        shown = entering[chosen] * is_shown / (1 - lesson.dropped)
        slopes = _slopes(parts, shown.astype(np.float32), labels[chosen])
        rate = lesson.rate * 0.5 * (1 + np.cos(np.pi * step / steps))
        for place, slope in enumerate(slopes):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.999 * second[place] + 0.001 * slope**2
            move = first[place] / (1 - 0.9**step)
            move = move / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
            parts[place] = parts[place] - rate * (move + lesson.decay * parts[place])
    return tuple(np.asarray(part, dtype=np.float32) for part in parts)


def _slopes(parts: Sequence[Array], shown: Array, labels: Array) -> list[Array]:
    """Of the cross-entropy of a batch, in the order of the parts."""
    hidden, hidden_offset, out, out_offset = parts
    inner = np.tanh(shown @ hidden + hidden_offset)
    told = inner @ out + out_offset
    missed = (1 / (1 + np.exp(-told)) - labels) / len(labels)
    before = missed[:, np.newaxis] * out * (1 - inner**2)
    return [shown.T @ before, before.sum(axis=0), inner.T @ missed, missed.sum()]
