"""How alike strangers come out: the table a promised false match rate is kept with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RULE_OF_THREE = 3
"""No error in n independent trials proves, at 95 %, a rate under 3 / n only: ISO/IEC 19795-1."""

_PLACES = 64
_DEEPEST = 0.5
"""No promise is looser than one stranger in two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strangers:
    """The highest likelihood ratios that strangers reached with one length of speech."""

    net_ms: int
    trials: int

    pairs: int
    """Different pairs of people: trials of the same two people are no independent trials."""

    places: tuple[int, ...]
    """How many trials came out higher, rising from 0; about logarithmic, exact at the top."""

    llrs: tuple[float, ...]
    """The natural-log likelihood ratio at each place, falling."""

    def threshold(self, fmr: float) -> float:
        """The llr that at most `fmr` of these trials reach; rounded up where places are missing."""
        allowed = int(fmr * self.trials + 1e-9)
        place = int(np.searchsorted(self.places, allowed, side="right")) - 1
        return math.nextafter(self.llrs[place], math.inf)

    def rate(self, threshold: float) -> float:
        """The rate of false matches at `threshold` that these trials can promise."""
        reached = int(np.searchsorted(-np.asarray(self.llrs), -threshold, side="right"))
        if reached == len(self.llrs):
            return 1.0
        return max(self.places[reached] / self.trials, RULE_OF_THREE / self.pairs)


def strangers(llrs: NDArray[np.float64], *, net_ms: int, pairs: int) -> Strangers:
    """The table of `llrs`, shape (trials,), of impostors alone; `pairs` of people made them.

    Raises:
        ValueError: there is no trial, or a ratio is not a finite number.
    """
    if not len(llrs) or not np.isfinite(llrs).all():
        raise ValueError("Likelihood ratios of strangers must be finite numbers.")
    falling = np.sort(llrs)[::-1]
    deepest = max(int(_DEEPEST * len(falling)), 1)
    places = np.unique(np.geomspace(1, deepest, _PLACES).astype(int)) - 1
    return Strangers(
        net_ms=net_ms,
        trials=len(falling),
        pairs=pairs,
        places=tuple(places.tolist()),
        llrs=tuple(falling[places].tolist()),
    )


def smallest_fmr(tables: Sequence[Strangers]) -> float:
    """The smallest rate that any of the tables can promise; 1 where there is none."""
    return min((RULE_OF_THREE / table.pairs for table in tables), default=1.0)


def threshold_at(tables: Sequence[Strangers], fmr: float) -> float:
    """One threshold for every length of speech, so the one of the length that needs most."""
    return max(table.threshold(fmr) for table in tables)


def rate_at(tables: Sequence[Strangers], threshold: float) -> float:
    """The rate that is promised at `threshold` whatever the length of speech."""
    return max((table.rate(threshold) for table in tables), default=1.0)
