"""Hours, days and weeks as people at a desk count them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from ivr.journal.tallies import Scope, hour_of


class Bucket(StrEnum):
    """How long one step of a figure over time is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    """From Monday on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Steps over time in a zone; beginnings are UTC, where no two moments look the same.

    Calls are counted by whole hours UTC: where a zone is half an hour apart from that, days begin
    at the hour that holds midnight.
    """

    bucket: Bucket
    zone: ZoneInfo

    def start_of(self, hour: int) -> datetime:
        """Of the step that holds this hour since 1970."""
        return _start_of(self, hour)

    def starts(self, scope: Scope) -> tuple[datetime, ...]:
        """Of every step that the scope touches."""
        last = hour_of(scope.until - timedelta(microseconds=1))
        found = dict.fromkeys(map(self.start_of, range(hour_of(scope.since), last + 1)))
        return tuple(found)


@lru_cache(maxsize=20_000)
def _start_of(steps: Steps, hour: int) -> datetime:
    """Figures ask for the same hours again and again."""
    moment = datetime.fromtimestamp(hour * 3_600, UTC)
    if steps.bucket is Bucket.HOUR:
        return moment
    local = moment.astimezone(steps.zone).replace(minute=0, hour=0, fold=0)
    # Days are taken off the wall's clock: a week with a change of the clocks is a week.
    days = local.weekday() if steps.bucket is Bucket.WEEK else 0
    return (local - timedelta(days=days)).astimezone(UTC)
