"""How soon a topic that rises is found, and how often one is flagged that does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from ivr.evaluate.busy_weeks import SHARES, WEEK_H, calls, raised, series
from ivr.journal.rises import Watch, rises

_KNOWN_WEEKS = 9
_BEGINS_H = _KNOWN_WEEKS * WEEK_H + 9
"""Monday, nine o'clock."""

_LONGEST_H = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """In weeks in which nothing happens, looked at every hour."""

    weeks: int
    topics: int
    false: int
    """Topics that were flagged and had not been an hour before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rises of topics of one size."""

    calls_a_day: float
    """Usual ones about the topic."""

    rises: int
    found: int
    """Within 24 hours."""

    median_h: float | None
    slowest_h: int | None


def false_alarms(
    weeks: int, *, a_day: int = 1_000, progress: Callable[[int, int], object] | None = None
) -> Alarms:
    """Of a business with as many calls a day, in years that were drawn, four weeks of each."""
    false = 0
    for start in range(0, weeks, 4):
        looked = min(4, weeks - start)
        false += sum(_new(start, looked, a_day))
        if progress:
            progress(start + looked, weeks)
    return Alarms(weeks=weeks, topics=len(SHARES), false=false)


def found(topic: int, factor: float, *, rises_: int, a_day: int = 1_000) -> Found:
    """How long it takes to find the topic once it has risen on a morning."""
    hours = [_hours(topic, factor, seed, a_day) for seed in range(rises_)]
    within = [one for one in hours if one is not None]
    return Found(
        calls_a_day=a_day * SHARES[topic],
        rises=rises_,
        found=len(within),
        median_h=median(within) if within else None,
        slowest_h=max(within, default=None),
    )


def _new(seed: int, weeks: int, a_day: int) -> Iterator[int]:
    rows = calls(weeks=_KNOWN_WEEKS + weeks, seed=seed, a_day=a_day)
    before: set[str] = set()
    for end in range(_KNOWN_WEEKS * WEEK_H, rows.shape[1]):
        now = {one.topic for one in rises(series(rows[:, :end]), Watch())}
        yield len(now - before)
        before = now


def _hours(topic: int, factor: float, seed: int, a_day: int) -> int | None:
    rows = calls(weeks=_KNOWN_WEEKS + 2, seed=seed, a_day=a_day)
    risen = raised(rows, topic, begins=_BEGINS_H, factor=factor, seed=seed)
    for hours in range(1, _LONGEST_H + 1):
        flagged = rises(series(risen[:, : _BEGINS_H + hours]), Watch())
        if any(one.topic == f"topic-{topic}" for one in flagged):
            return hours
    return None
