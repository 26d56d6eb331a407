"""How far estimated waiting times are from what callers really waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivr.evaluate.traffic import Waited
from ivr.queue.estimate import Estimate

_LONG_S = 60.0
"""Shorter waits are over before an announcement is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFigures:
    """Over the callers who waited for more than a minute and were taken.

    Whoever gave up would have waited for nobody knows how long, and is not counted.
    """

    calls: int
    unknown: int
    """Of them, those to whom nothing could be told."""

    median_wait_s: float
    error: float
    """Median of |told - waited| / waited."""

    knowable_error: float
    """The same for whoever knows every true rate: the rest is chance."""

    bias: float
    """Median of (told - waited) / waited."""

    inside: float
    """Share that lay between the ends of the range; 0.8 were nothing to change meanwhile."""


def waiting_figures(waited: Sequence[Waited]) -> WaitingFigures:
    """The figures of a day, or of several.

    Raises:
        ValueError: nobody waited for so long.
    """
    long = [one for one in waited if one.waited_s > _LONG_S and not one.has_given_up]
    if not long:
        raise ValueError("Nobody waited for more than a minute.")
    errors = _errors(long, "told")
    hits = [
        one.told.low_s <= one.waited_s <= one.told.high_s for one in long if one.told is not None
    ]
    return WaitingFigures(
        calls=len(long),
        unknown=len(long) - len(errors),
        median_wait_s=float(np.median([one.waited_s for one in long])),
        error=float(np.median(np.abs(errors))),
        knowable_error=float(np.median(np.abs(_errors(long, "knowable")))),
        bias=float(np.median(errors)),
        inside=float(np.mean(hits)),
    )


def _errors(long: Sequence[Waited], which: Literal["told", "knowable"]) -> list[float]:
    pairs: list[tuple[Estimate | None, float]] = [
        (getattr(one, which), one.waited_s) for one in long
    ]
    return [(told.likely_s - truth) / truth for told, truth in pairs if told is not None]
