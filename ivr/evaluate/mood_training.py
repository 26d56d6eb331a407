"""Learns to hear anger in how a turn was said, and where to draw the line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.evaluate.mood_material import Example
from ivr.understand.baseline import Baseline
from ivr.understand.mood_voice import Curve, standard, traits

LEFT_OUT = frozenset({"fear", "disgust"})
"""Neither calm nor anger: nothing is learned from them."""

_FOLDS = 10
"""As many as the Berlin database has speakers; nobody is judged by what was learned from them."""

_RIDGE = 0.05
"""Keeps the weights small; with ten angry speakers little can be learned."""

_STEPS = 30
_ANGRY, _MERRY = 0.05, 0.05
"""Share of turns that the probability is calibrated for; the rest is calm."""

_CALM_FALSE_ALARMS = 0.005
_ACTED_CALM_FALSE_ALARMS = 0.01
_MERRY_FALSE_ALARMS = 0.2
"""Joy sounds much like anger: the line is drawn where at most so many are taken for it."""

_Line = NDArray[np.float64]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """A curve, and what it says of examples whose speakers it never heard."""

    curve: Curve
    examples: tuple[Example, ...]
    probabilities: _Line
    """Of each example, by curves that were learned without its speaker."""


def taught(examples: Sequence[Example], *, is_compared: bool) -> Taught:
    """What can be learned from `examples` with their usual, or as if nobody knew it."""
    used = [_seen(one, is_compared=is_compared) for one in examples]
    known = tuple(one for one in used if one is not None and one.recording.mood not in LEFT_OUT)
    values = np.stack([traits(one.turn, one.usual) for one in known])
    mean, spread = values.mean(axis=0), values.std(axis=0)
    seen = standard(values, mean, spread)
    is_upset, weights = np.asarray([one.is_upset for one in known]), _weights(known)
    folds = _folds(known)
    scores = np.zeros(len(known))
    for fold in range(_FOLDS):
        others = folds != fold
        fitted = _fitted(seen[others], is_upset[others], weights[others], _RIDGE)
        scores[~others] = seen[~others] @ fitted[:-1] + fitted[-1]
    slope, offset = _fitted(scores[:, np.newaxis], is_upset, _usual_mix(known), 0.0)
    whole = _fitted(seen, is_upset, weights, _RIDGE)
    probabilities = _logistic(slope * scores + offset)
    curve = Curve(
        mean=mean,
        spread=spread,
        weights=slope * whole[:-1],
        bias=float(slope * whole[-1] + offset),
        threshold=_threshold(known, probabilities),
    )
    return Taught(curve=curve, examples=known, probabilities=probabilities)


def _seen(example: Example, *, is_compared: bool) -> Example | None:
    if is_compared:
        return example if example.usual.is_known else None
    return Example(recording=example.recording, turn=example.turn, usual=Baseline())


def _folds(examples: Sequence[Example]) -> NDArray[np.int_]:
    """Speakers dealt out in turn, set by set, so that every fold has one of the angry ones."""
    names = sorted({(one.recording.set, one.recording.speaker) for one in examples})
    dealt: dict[tuple[str, str], int] = {}
    for name in names:
        dealt[name] = sum(other[0] == name[0] for other in dealt) % _FOLDS
    return np.asarray([dealt[one.recording.set, one.recording.speaker] for one in examples])


def _weights(examples: Sequence[Example]) -> _Line:
    """Anger counts as much as the calm; those who act calm as much as those who are."""
    return _shared(examples, angry=0.5, merry=0.1, calm=0.2, read=0.2)


def _usual_mix(examples: Sequence[Example]) -> _Line:
    rest = (1 - _ANGRY - _MERRY) / 2
    return _shared(examples, angry=_ANGRY, merry=_MERRY, calm=rest, read=rest)


def _shared(
    examples: Sequence[Example], *, angry: float, merry: float, calm: float, read: float
) -> _Line:
    """Weights that add up to the given shares."""
    weights = np.zeros(len(examples))
    masks = (_is(examples, "anger"), _is(examples, "joy"), _acted_calm(examples), _read(examples))
    for mask, share in zip(masks, (angry, merry, calm, read), strict=True):
        weights[mask] = share / max(int(np.count_nonzero(mask)), 1)
    return np.asarray(weights / weights.sum())


def _is(examples: Sequence[Example], mood: str) -> _Mask:
    return np.asarray([one.recording.mood == mood for one in examples])


def _read(examples: Sequence[Example]) -> _Mask:
    return np.asarray([one.recording.set != "emodb" for one in examples])


def _acted_calm(examples: Sequence[Example]) -> _Mask:
    return ~(_read(examples) | _is(examples, "anger") | _is(examples, "joy"))


def _threshold(examples: Sequence[Example], probabilities: _Line) -> float:
    """The lowest that keeps every kind of false alarm under its limit."""
    limits = (
        (_read(examples), _CALM_FALSE_ALARMS),
        (_is(examples, "neutral") & ~_read(examples), _ACTED_CALM_FALSE_ALARMS),
        (_is(examples, "joy"), _MERRY_FALSE_ALARMS),
    )
    return max(
        float(np.quantile(probabilities[mask], 1 - most, method="higher"))
        for mask, most in limits
        if mask.any()
    )


def _fitted(values: _Line, is_upset: _Mask, weights: _Line, ridge: float) -> _Line:
    """Weights and, last, the bias of a logistic regression, by Newton's method."""
    inputs = np.column_stack([values, np.ones(len(values))])
    penalty = np.full(inputs.shape[1], ridge)
    penalty[-1] = 0.0
    found = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        guess = _logistic(inputs @ found)
        slope = inputs.T @ (weights * (guess - is_upset)) + penalty * found
        bend = (inputs.T * (weights * guess * (1 - guess))) @ inputs + np.diag(penalty + 1e-9)
        found -= np.linalg.solve(bend, slope)
    return found


def _logistic(logits: _Line) -> _Line:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))
