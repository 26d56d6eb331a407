"""Weeks before the simulated day, so that there is something to compare it with.

They pass no pipeline: their records are those of the day itself, drawn again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from ivr.journal.record import CallRecord, RecordId
from ivr.simulate.day.plan import BY_WEEKDAY, Rise

_UNEVEN = 0.1
"""Deviation of a whole day's calls."""


def earlier_weeks(
    records: Sequence[CallRecord],
    midnight: datetime,
    weeks: int,
    rises: Sequence[Rise],
    draw: np.random.Generator,
) -> Iterator[CallRecord]:
    """Of the days before `midnight`, in which nothing has risen yet."""
    if not records:
        return
    usual = np.array([1 / _factor(one, midnight, rises) for one in records])
    for days in range(7 * weeks, 0, -1):
        busy = BY_WEEKDAY[(midnight - timedelta(days=days)).weekday()]
        mean = usual.sum() * busy / BY_WEEKDAY[midnight.weekday()]
        many = int(draw.poisson(mean * draw.gamma(1 / _UNEVEN**2, _UNEVEN**2)))
        for place in draw.choice(len(records), many, p=usual / usual.sum()):
            yield _drawn_again(records[int(place)], midnight, days, draw)


def _factor(record: CallRecord, midnight: datetime, rises: Sequence[Rise]) -> float:
    hour = record.began_at.astimezone(midnight.tzinfo).hour
    risen = (one.factor for one in rises if one.topic == record.topic and hour >= one.hour)
    return max(risen, default=1.0)


def _drawn_again(
    record: CallRecord, midnight: datetime, days: int, draw: np.random.Generator
) -> CallRecord:
    """At nearly the same time by the clock on the wall, with another id and no token."""
    local = record.began_at.astimezone(midnight.tzinfo) - timedelta(days=days)
    began = local.astimezone(record.began_at.tzinfo)
    began += timedelta(seconds=int(draw.integers(-900, 900)))
    return replace(
        record,
        id=RecordId(draw.bytes(12).hex()),
        token="",
        began_at=began,
        ended_at=began + (record.ended_at - record.began_at),
        llr=None if record.llr is None else record.llr + float(draw.normal(0, 0.5)),
    )
