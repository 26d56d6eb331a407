"""How far figures can be trusted: other speakers would have given other figures.

Trials of one person hang together, so persons are drawn, not trials: a person drawn k times counts
k times in trials with themselves, and k * m times in trials with a person drawn m times. Bolle,
Ratha, Pankanti: "Error analysis of pattern recognition systems: the subsets bootstrap", Computer
Vision and Image Understanding 93 (2004); ISO/IEC 19795-1 asks for the same. With ten persons or
fewer the intervals are still too narrow.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.evaluation.error_rates import TARGET_PRIOR, Scores
from biometrics.evaluation.scored import Scored

Interval = tuple[float, float]
"""From the 2.5th to the 97.5th percentile."""

_PERCENTILES = (2.5, 97.5)
_ELEMENTS_AT_ONCE = 4_000_000
_FMRS = {"fnmr_at_fmr_1e2": 1e-2, "fnmr_at_fmr_1e3": 1e-3, "fnmr_at_fmr_1e4": 1e-4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How often persons are drawn anew."""

    times: int = 300
    seed: int = 20_260


def intervals(scored: Scored, resampling: Resampling) -> Mapping[str, Interval]:
    """95 % confidence intervals by the names of the figures; none where trials are missing.

    eer and fnmr_at_* are of cosines, the costs of likelihood ratios where there are any.
    """
    if not resampling.times or scored.is_target.all() or not scored.is_target.any():
        return {}
    found: dict[str, list[NDArray[np.float64]]] = {}
    for counts in _draws(scored, resampling):
        for name, values in _figures(scored, counts).items():
            found.setdefault(name, []).append(values)
    return {name: _interval(np.concatenate(values)) for name, values in found.items()}


def _draws(scored: Scored, resampling: Resampling) -> Iterator[NDArray[np.float64]]:
    """How often each person was drawn, shape (draws, persons), some draws at a time."""
    rng = np.random.default_rng(resampling.seed)
    persons = int(max(scored.enrolled.max(), scored.tested.max())) + 1
    is_there = np.zeros(persons)
    is_there[scored.enrolled] = is_there[scored.tested] = 1
    share = is_there / is_there.sum()
    at_once = max(_ELEMENTS_AT_ONCE // len(scored), 1)
    for first in range(0, resampling.times, at_once):
        times = min(at_once, resampling.times - first)
        counts = rng.multinomial(int(is_there.sum()), share, size=times).astype(np.float64)
        # A draw of people without a single trial of either kind measures nothing.
        yield counts[(counts > 0).sum(axis=1) > 1]


def _figures(scored: Scored, counts: NDArray[np.float64]) -> Mapping[str, NDArray[np.float64]]:
    """Each figure of every draw, shape (draws,)."""
    cosines = _Draw(scored, scored.cosines, counts)
    figures = {"eer": cosines.eer()}
    figures |= {name: cosines.fnmr_at(fmr) for name, fmr in _FMRS.items()}
    if scored.ratios is None:
        return figures | {"min_dcf": cosines.min_dcf()}
    ratios = _Draw(scored, scored.ratios, counts)
    return figures | {
        "min_dcf": ratios.min_dcf(),
        "act_dcf": ratios.act_dcf(),
        "cllr": ratios.cllr(),
    }


class _Draw:
    """Error rates of weighted trials at every threshold just above an impostor, and below all.

    Between two impostors' scores the lowest threshold is never worse, so these are enough.
    """

    def __init__(self, scored: Scored, scores: Scores, counts: NDArray[np.float64]) -> None:
        is_target = scored.is_target
        self._target, same = _sorted(scores[is_target], scored.enrolled[is_target])
        order = np.argsort(scores[~is_target])
        self._impostor = scores[~is_target][order]
        enrolled, tested = scored.enrolled[~is_target][order], scored.tested[~is_target][order]
        self._same = _shares(counts[:, same])
        self._other = _shares(counts[:, enrolled] * counts[:, tested])
        nothing = np.zeros((len(counts), 1))
        self._fmr = 1 - np.concatenate([nothing, np.cumsum(self._other, axis=1)], axis=1)
        # Above every impostor no rounding may be left.
        self._fmr[:, -1] = 0.0
        missed = np.concatenate([nothing, np.cumsum(self._same, axis=1)], axis=1)
        below = np.searchsorted(self._target, self._impostor, side="right")
        self._fnmr = missed[:, np.concatenate([[0], below])]

    def eer(self) -> NDArray[np.float64]:
        """Where the rates cross, on the straight line between the two thresholds around it."""
        crossed = self._fnmr >= self._fmr - 1e-12
        last = np.maximum(np.argmax(crossed, axis=1), 1)[:, None]
        before = np.take_along_axis(self._fmr - self._fnmr, last - 1, axis=1)
        after = np.take_along_axis(self._fmr - self._fnmr, last, axis=1)
        share = before / np.maximum(before - after, 1e-12)
        first, second = (np.take_along_axis(self._fmr, at, axis=1) for at in (last - 1, last))
        return np.asarray((first + share * (second - first))[:, 0])

    def fnmr_at(self, fmr: float) -> NDArray[np.float64]:
        places = np.argmax(self._fmr <= fmr + 1e-12, axis=1)[:, None]
        return np.asarray(np.take_along_axis(self._fnmr, places, axis=1)[:, 0])

    def min_dcf(self) -> NDArray[np.float64]:
        cost = TARGET_PRIOR * self._fnmr + (1 - TARGET_PRIOR) * self._fmr
        return np.asarray(cost.min(axis=1) / TARGET_PRIOR)

    def act_dcf(self) -> NDArray[np.float64]:
        threshold = math.log((1 - TARGET_PRIOR) / TARGET_PRIOR)
        fnmr = self._same @ (self._target < threshold)
        fmr = self._other @ (self._impostor >= threshold)
        return np.asarray((TARGET_PRIOR * fnmr + (1 - TARGET_PRIOR) * fmr) / TARGET_PRIOR)

    def cllr(self) -> NDArray[np.float64]:
        missed = self._same @ np.logaddexp(0.0, -self._target)
        alarmed = self._other @ np.logaddexp(0.0, self._impostor)
        return np.asarray((missed + alarmed) / (2 * math.log(2)))


def _sorted(scores: Scores, persons: NDArray[np.int64]) -> tuple[Scores, NDArray[np.int64]]:
    order = np.argsort(scores)
    return scores[order], persons[order]


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows that sum to one; not a number where nothing was drawn."""
    with np.errstate(invalid="ignore"):
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _interval(values: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(values[np.isfinite(values)], _PERCENTILES)
    return float(low), float(high)
