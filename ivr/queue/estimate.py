"""How long a caller will wait: the calls before it played through, many times by chance.

Each play takes handling times from those that were seen, goes on with the calls that are under
way (one that has lasted long goes on as such calls did), lets callers give up as often as they
do, and lets those come who go first. What comes out is a range, not a promise.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.queue.outlook import Outlook

_PLAYS = 256
_LOW, _LIKELY, _HIGH = 0.1, 0.5, 0.9
_USUAL_CALLS = 5
"""What the queue's own figure counts, in calls."""

_SPREAD = 0.6
"""Standard deviation of the logarithm, for the queue's own figure."""

_MOST_STEPS = 400
"""Calls before one, after which the plays still going on are as long as they are."""

_SHORTEST_S = 1.0

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long it will be, in seconds from now."""

    low_s: int
    """One play in ten takes less."""

    likely_s: int
    """As many plays take longer as shorter."""

    high_s: int
    """One play in ten takes longer; of callers more do, for people leave and nobody says so."""

    position: int
    """1 is next."""


def estimate(before: Outlook, *, seed: int = 0) -> Estimate | None:
    """None where nobody is seen at work, and nothing can be said."""
    if before.agents == 0:
        return None
    plays = _Plays(before, np.random.default_rng(seed))
    low, likely, high = np.quantile(plays.waits(), (_LOW, _LIKELY, _HIGH))
    return Estimate(
        low_s=round(low), likely_s=round(likely), high_s=round(high), position=before.ahead + 1
    )


class _Plays:
    """All plays side by side: a row each."""

    def __init__(self, before: Outlook, chance: np.random.Generator) -> None:
        self._before = before
        self._chance = chance
        self._durations, self._weights = _durations(before)
        self._free_at = self._first_free_at()
        self._patience = self._patiences()

    def waits(self) -> _Floats:
        rows = np.arange(_PLAYS)
        next_one = np.zeros(_PLAYS, dtype=np.int64)
        came = np.zeros(_PLAYS)
        waits = np.zeros(_PLAYS)
        at = np.zeros(_PLAYS)
        is_open = np.ones(_PLAYS, dtype=bool)
        for _ in range(_MOST_STEPS):
            who = self._free_at.argmin(axis=1)
            then = np.maximum(at, self._free_at[rows, who])
            came += self._came(at, then)
            at = then
            self._give_up(next_one, at)
            is_mine = (next_one >= self._before.ahead) & (came < 1)
            waits[is_open] = at[is_open]
            is_open &= ~is_mine
            if not is_open.any():
                break
            overtakes = came >= 1
            came -= overtakes
            next_one += ~overtakes
            self._free_at[rows, who] = at + self._draw(_PLAYS)
        return waits

    def _came(self, since: _Floats, until: _Floats) -> _Floats:
        """How many arrived between two times of each play who go first."""
        came = np.zeros(_PLAYS)
        for kind in self._before.coming:
            span = np.minimum(until, kind.for_s) - np.minimum(since, kind.for_s)
            came += self._chance.poisson(span * kind.per_s)
        return came

    def _give_up(self, next_one: NDArray[Any], at: _Floats) -> None:
        """Whoever would be next and is no longer there is passed over."""
        rows = np.arange(_PLAYS)
        while True:
            is_gone = (next_one < self._before.ahead) & (
                self._patience[rows, np.minimum(next_one, self._patience.shape[1] - 1)] < at
            )
            if not is_gone.any():
                return
            next_one += is_gone

    def _patiences(self) -> _Floats:
        shape = (_PLAYS, max(1, self._before.ahead))
        if self._before.gives_up_per_s <= 0:
            return np.full(shape, np.inf)
        return self._chance.exponential(1 / self._before.gives_up_per_s, shape)

    def _first_free_at(self) -> _Floats:
        """Whoever is free is so now; the others when their call ends."""
        talking = self._before.talking_s[: self._before.agents]
        free_at = np.zeros((_PLAYS, self._before.agents))
        for column, lasted_s in enumerate(talking):
            free_at[:, column] = self._rest_of(lasted_s)
        return free_at

    def _rest_of(self, lasted_s: float) -> _Floats:
        """As calls went on that lasted so long; a longer one than any goes on for half as long."""
        longer = self._durations > lasted_s
        if not longer.any():
            return self._chance.exponential(max(_SHORTEST_S, lasted_s / 2), _PLAYS)
        weights = self._weights * longer
        drawn = self._chance.choice(self._durations, _PLAYS, p=weights / weights.sum())
        return np.asarray(drawn - lasted_s, dtype=np.float64)

    def _draw(self, how_many: int) -> _Floats:
        drawn = self._chance.choice(self._durations, how_many, p=self._weights)
        return np.asarray(drawn, dtype=np.float64)


def _durations(before: Outlook) -> tuple[_Floats, _Floats]:
    """Handling times and what each counts: those seen, and the usual one spread out."""
    steps = (np.arange(_USUAL_CALLS) + 0.5) / _USUAL_CALLS
    spread = np.exp(_SPREAD * np.log(steps / (1 - steps)) / _LOGISTIC)
    usual = before.usual_handling_s * spread / spread.mean()
    durations = np.maximum(np.concatenate([usual, before.handling_s]), _SHORTEST_S)
    weights = np.concatenate([np.ones(_USUAL_CALLS), before.weights])
    return durations, weights / weights.sum()


_LOGISTIC = 1.702
"""The logistic curve, stretched so, is within a hundredth of the normal one."""
