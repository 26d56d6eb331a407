"""Topics that callers bring up more often than is usual at this time of the week.

The last hours are compared with the same hours of the same weekday in the weeks before. Usual
counts are only known from few weeks and vary more than Poisson's, so chance is that of a negative
binomial whose variance holds both. Several lengths of time and all topics are looked at together,
and the share of false alarms among what is flagged is held down (Benjamini and Hochberg). Where all
other topics have risen too, a topic counts only for what goes beyond that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ivr.journal.chance import at_least, discoveries
from ivr.journal.tallies import Facet, Scope, Tallies, hour_of, number

Examples = Callable[[str, datetime], tuple[str, ...]]
"""What callers said of a topic since then, masked."""

_WEEK_H = 168
_WINDOWS_H = (2, 6, 24)
"""A storm breaks within two hours; a fault of a few customers shows in a day."""

_FEWEST_WEEKS = 3
_HALF_A_CALL = 0.5
"""Added to what was usual: what never happened may happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A topic that has risen."""

    topic: str
    observed: int
    """Calls about it since then."""

    expected: float
    ratio: float
    p: float
    """Probability of as many by chance."""

    since: datetime
    """UTC; the beginning of the hours in which it shows best."""

    examples: tuple[str, ...] = field(default=(), repr=False)
    """Sentences of callers, masked; empty where none are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What counts as a rise."""

    weeks: int = 8
    least_calls: int = 5
    least_ratio: float = 1.5
    """Less is no news, however sure."""

    false_share: float = 0.001


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Calls a topic, hour by hour of the clock on the wall, the latest last."""

    until: datetime
    """The end of the last hour, which is over; UTC."""

    calls: Mapping[str, NDArray[np.int64]]
    """All of one length; they begin with the first call of the business."""


def rises(series: Series, watch: Watch) -> tuple[Rise, ...]:
    """The least likely first; nothing before there are three weeks to compare with."""
    weeks = _full_weeks(series, watch)
    if weeks < _FEWEST_WEEKS:
        return ()
    found = [one for window in _WINDOWS_H for one in _compared(series, weeks, window, watch)]
    believed = discoveries([one.p for one in found], false_share=watch.false_share)
    best: dict[str, Rise] = {}
    for one, is_believed in zip(found, believed, strict=True):
        is_better = one.topic not in best or one.p < best[one.topic].p
        if is_believed and is_better and one.ratio >= watch.least_ratio:
            best[one.topic] = one
    return tuple(sorted(best.values(), key=lambda one: (one.p, one.topic)))


def with_examples(found: tuple[Rise, ...], examples: Examples) -> tuple[Rise, ...]:
    return tuple(replace(one, examples=examples(one.topic, one.since)) for one in found)


def series_of(tallies: Tallies, scope: Scope, *, weeks: int, zone: ZoneInfo) -> Series:
    """What there is to compare at the end of `scope`, whose beginning does not count.

    Hours are told by the clock in `zone`, so that a change of the clocks shifts no habit.
    """
    end = hour_of(scope.until)
    until = datetime.fromtimestamp(end * 3_600, UTC)
    since = until - timedelta(hours=(weeks + 1) * _WEEK_H)
    counted = tallies.tally(replace(scope, since=since, until=until), Facet.HOUR, Facet.TOPIC)
    hours = {number(hour): _on_the_wall(number(hour), zone) for hour, _ in counted}
    last = _on_the_wall(end - 1, zone)
    length = last - min(hours.values(), default=last) + 1
    calls: dict[str, NDArray[np.int64]] = {}
    for (hour, topic), many in counted.items():
        if topic:
            row = calls.setdefault(str(topic), np.zeros(length, dtype=np.int64))
            row[length - 1 - (last - hours[number(hour)])] += many
    return Series(until=until, calls=calls)


def _on_the_wall(hour: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(hour * 3_600, zone).utcoffset() or timedelta()
    return hour + offset // timedelta(hours=1)


def _full_weeks(series: Series, watch: Watch) -> int:
    """Before the last seven days."""
    length = max((row.size for row in series.calls.values()), default=0)
    return min(watch.weeks, length // _WEEK_H - 1)


def _compared(series: Series, weeks: int, window: int, watch: Watch) -> list[Rise]:
    """Every topic's last `window` hours, whether or not they are a rise."""
    topics = tuple(series.calls)
    before = np.array([_tiles(series.calls[topic], weeks, window) for topic in topics])
    observed = np.array([series.calls[topic][-window:].sum() for topic in topics])
    usual = (before[:, :, -1].sum(axis=1) + _HALF_A_CALL) / weeks
    expected = usual * _tide(observed, usual)
    spread = _overdispersion(before)
    since = series.until - timedelta(hours=window)
    return [
        Rise(
            topic=topic,
            observed=int(seen),
            expected=float(mean),
            ratio=float(seen / mean),
            p=_chance(int(seen), float(mean), float(more), weeks, watch),
            since=since,
        )
        for topic, seen, mean, more in zip(topics, observed, expected, spread, strict=True)
    ]


def _tiles(row: NDArray[np.int64], weeks: int, window: int) -> NDArray[np.int64]:
    """Calls by week and by stretch of `window` hours in it; the last ends when now does."""
    full = row[-(weeks + 1) * _WEEK_H : -_WEEK_H]
    tiles: NDArray[np.int64] = full.reshape(weeks, _WEEK_H // window, window).sum(axis=2)
    return tiles


def _tide(observed: NDArray[np.int64], usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each topic how much busier the others are than usual, never less than 1."""
    others_now = observed.sum() - observed + 1
    others_usual = usual.sum() - usual + 1
    tide: NDArray[np.float64] = np.maximum(1.0, others_now / others_usual)
    return tide


def _overdispersion(before: NDArray[np.int64]) -> NDArray[np.float64]:
    """By how much of the squared mean the variance is above the mean, by topic.

    By moments over all stretches of the week. A topic that looks steadier than all together may
    only have too few calls to tell.
    """
    means = before.mean(axis=1)
    more = (before.var(axis=1, ddof=1) - means).sum(axis=1)
    squares = (means**2).sum(axis=1)
    of_all = max(0.0, more.sum() / max(squares.sum(), 1.0))
    spread: NDArray[np.float64] = np.maximum(of_all, more / np.maximum(squares, 1.0))
    return spread


def _chance(seen: int, mean: float, spread: float, weeks: int, watch: Watch) -> float:
    if seen < watch.least_calls:
        return 1.0
    # Of this count, and of the mean of as many as there are weeks.
    variance = (mean + spread * mean * mean) * (1 + 1 / weeks)
    return at_least(seen, mean=mean, variance=variance)
