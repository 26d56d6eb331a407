"""Whether accepted voices score as they used to: week by week against a time that was good.

The population stability index compares shares in ten classes that are even in the reference. Where
nothing has changed it is spread like chi square with nine degrees of freedom times
(1/n + 1/m) (Yurdakul and Naranjo, Journal of Risk Model Validation 14/4, 2020), so that a small
week is not taken for a changed one.
"""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.journal.buckets import Bucket, Steps
from ivr.journal.figures import quantile
from ivr.journal.tallies import Facet, Scope, Tallies, number

_CLASSES = 10
_WORTH_A_LOOK = 0.2
"""The usual bound of the index from which a change is large enough to matter."""

_CHANCE = 27.88
"""Chi square with nine degrees of freedom stays under this in 999 of 1,000 unchanged weeks."""

_FEWEST = 50
"""Calls, here and in the reference, below which nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Log-likelihood ratios of accepted voices in one week."""

    start: datetime
    accepted: int
    mean: float | None
    p10: float | None
    median: float | None
    p90: float | None
    stability: float | None
    """Population stability index against the reference; None where there are too few calls."""

    distance: float | None
    """Kolmogorov and Smirnov's: the largest gap between the two distributions, 0 to 1."""

    is_flagged: bool
    """The change is large, and larger than chance makes it."""


def drift(tallies: Tallies, scope: Scope, reference: Scope, zone: ZoneInfo) -> tuple[Drift, ...]:
    """One value for each week of `scope`."""
    weeks = Steps(bucket=Bucket.WEEK, zone=zone)
    then: Counter[int] = Counter()
    for figures in _by_week(tallies, reference, weeks).values():
        then += figures
    now = _by_week(tallies, scope, weeks)
    return tuple(compared(start, now[start], then) for start in weeks.starts(scope))


def compared(start: datetime, now: Counter[int], then: Counter[int]) -> Drift:
    """Tenths of the ratio, and how often each occurs."""
    count = now.total()
    mean = sum(tenths * many for tenths, many in now.items()) / count if count else None
    p10, median, p90 = (quantile(now, share) if count else None for share in (0.1, 0.5, 0.9))
    is_enough = min(count, then.total()) >= _FEWEST
    index = stability(now, then) if is_enough else None
    bound = max(_WORTH_A_LOOK, _CHANCE * (1 / count + 1 / then.total())) if is_enough else math.inf
    return Drift(
        start=start,
        accepted=count,
        mean=_whole(mean),
        p10=_whole(p10),
        median=_whole(median),
        p90=_whole(p90),
        stability=index,
        distance=distance(now, then) if is_enough else None,
        is_flagged=index is not None and index >= bound,
    )


def stability(now: Counter[int], then: Counter[int]) -> float:
    """The index over classes of the reference; half a call is added to each, so that none is 0."""
    edges = sorted({quantile(then, share / _CLASSES) for share in range(1, _CLASSES)})
    shares = zip(_shares(now, edges), _shares(then, edges), strict=True)
    return sum((here - there) * math.log(here / there) for here, there in shares)


def distance(now: Counter[int], then: Counter[int]) -> float:
    gap = below_now = below_then = 0.0
    for value in sorted(now | then):
        below_now += now[value] / now.total()
        below_then += then[value] / then.total()
        gap = max(gap, abs(below_now - below_then))
    return gap


def _shares(figures: Counter[int], edges: list[float]) -> list[float]:
    counts = [0.5] * (len(edges) + 1)
    for value, many in figures.items():
        counts[bisect_right(edges, value)] += many
    return [count / sum(counts) for count in counts]


def _by_week(tallies: Tallies, scope: Scope, weeks: Steps) -> defaultdict[datetime, Counter[int]]:
    found: defaultdict[datetime, Counter[int]] = defaultdict(Counter)
    counts = tallies.tally(scope, Facet.HOUR, Facet.VERIFICATION, Facet.LLR_TENTHS)
    for (hour, decision, tenths), many in counts.items():
        if decision == "accepted" and tenths is not None:
            found[weeks.start_of(number(hour))][number(tenths)] += many
    return found


def _whole(tenths: float | None) -> float | None:
    return None if tenths is None else tenths / 10
