"""Calls by topic and hour as a call centre has them: busy mornings, quiet Sundays, uneven days."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ivr.journal.rises import Series

WEEK_H = 168

_MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
_BY_HOUR = np.array(
    (1, 1, 1, 1, 1, 2, 6, 18, 40, 58, 64, 60, 48, 50, 56, 58, 54, 46, 34, 24, 16, 10, 5, 2)
)
_BY_WEEKDAY = np.array((1.25, 1.1, 1.05, 1.0, 0.95, 0.45, 0.35))
SHARES = (0.25, 0.2, 0.14, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01)
"""Of all calls, by topic."""

_PEAKS = (0, 0, 2, -3, 0, 5, 0, -2, 0, 0, 0, 3)
"""Hours by which a topic is later than most."""


def calls(*, weeks: int, seed: int, a_day: int = 1_000, uneven: float = 0.15) -> NDArray[np.int64]:
    """Topics by hours. `uneven` is the deviation of a whole day, and of a topic's day."""
    draw = np.random.default_rng(seed)
    days = 7 * weeks
    by_weekday = _BY_WEEKDAY[np.arange(days) % 7, None]
    busy = _uneven(draw, days, uneven) * by_weekday
    rows = []
    for share, peak in zip(SHARES, _PEAKS, strict=True):
        profile = np.roll(_BY_HOUR, peak) / _BY_HOUR.sum()
        own = _uneven(draw, days, uneven)
        rows.append(draw.poisson(a_day * share * busy * own * profile).reshape(-1))
    return np.array(rows, dtype=np.int64)


def raised(
    rows: NDArray[np.int64], topic: int, *, begins: int, factor: float, seed: int = 0
) -> NDArray[np.int64]:
    """From an hour on there are `factor` times as many calls about it as there usually are."""
    weeks = begins // WEEK_H
    usual = rows[topic, : weeks * WEEK_H].reshape(-1, WEEK_H).mean(axis=0)
    ahead = np.resize(usual, rows.shape[1] - weeks * WEEK_H)[begins - weeks * WEEK_H :]
    more = rows.copy()
    more[topic, begins:] += np.random.default_rng(seed).poisson((factor - 1) * ahead)
    return more


def series(rows: NDArray[np.int64]) -> Series:
    """Its last hour ends where the rows end."""
    return Series(
        until=_MONDAY + timedelta(hours=rows.shape[1]),
        calls={f"topic-{place}": row for place, row in enumerate(rows)},
    )


def _uneven(draw: np.random.Generator, days: int, deviation: float) -> NDArray[np.float64]:
    shape = 1 / deviation**2
    return draw.gamma(shape, 1 / shape, days)[:, None]
