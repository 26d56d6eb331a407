"""Calls by topic and hour as a call centre has them: busy mornings, quiet Sundays, uneven days."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ivr.journal.rises import Series

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
_BY_HOUR = np.array(
    (1, 1, 1, 1, 1, 2, 6, 18, 40, 58, 64, 60, 48, 50, 56, 58, 54, 46, 34, 24, 16, 10, 5, 2)
)
_BY_WEEKDAY = np.array((1.25, 1.1, 1.05, 1.0, 0.95, 0.45, 0.35))
_SHARES = (0.25, 0.2, 0.14, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01)
_PEAKS = (0, 0, 2, -3, 0, 5, 0, -2, 0, 0, 0, 3)
"""Hours by which a topic is earlier or later than most."""


def calls(*, weeks: int, seed: int, a_day: int = 1_000, uneven: float = 0.15) -> NDArray[np.int64]:
    """Topics by hours. `uneven` is the deviation of a whole day, and of a topic's day."""
    draw = np.random.default_rng(seed)
    days = 7 * weeks
    busy = (
        draw.gamma(1 / uneven**2, uneven**2, days)[:, None] * _BY_WEEKDAY[np.arange(days) % 7, None]
    )
    rows = []
    for share, peak in zip(_SHARES, _PEAKS, strict=True):
        profile = np.roll(_BY_HOUR, peak) / _BY_HOUR.sum()
        own = draw.gamma(1 / uneven**2, uneven**2, days)[:, None]
        rows.append(draw.poisson(a_day * share * busy * own * profile).reshape(-1))
    return np.array(rows)


def series(rows: NDArray[np.int64]) -> Series:
    """Its last hour ends where the rows end."""
    return Series(
        until=MONDAY + timedelta(hours=rows.shape[1]),
        calls={f"topic-{place}": row for place, row in enumerate(rows)},
    )
