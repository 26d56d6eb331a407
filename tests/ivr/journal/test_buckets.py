from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.journal.buckets import Bucket, Steps
from ivr.journal.tallies import Scope, hour_of

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN = datetime(2026, 10, 25, tzinfo=BERLIN)
"""The clocks go back on this day."""


def steps(bucket: Bucket) -> Steps:
    return Steps(bucket=bucket, zone=BERLIN)


def test_the_hour_that_comes_twice_is_two_steps() -> None:
    scope = Scope(since=AUTUMN.astimezone(UTC), until=datetime(2026, 10, 25, 23, tzinfo=UTC))

    assert len(steps(Bucket.HOUR).starts(scope)) == 25
    assert steps(Bucket.DAY).starts(scope) == (datetime(2026, 10, 24, 22, tzinfo=UTC),)


@pytest.mark.parametrize(
    ("moment", "bucket", "start"),
    [
        ("2026-10-25T22:59Z", Bucket.DAY, "2026-10-24T22:00Z"),
        ("2026-10-25T23:00Z", Bucket.DAY, "2026-10-25T23:00Z"),
        ("2026-10-25T22:59Z", Bucket.WEEK, "2026-10-18T22:00Z"),
        ("2026-10-25T23:00Z", Bucket.WEEK, "2026-10-25T23:00Z"),
        ("2026-10-25T22:59Z", Bucket.HOUR, "2026-10-25T22:00Z"),
    ],
)
def test_steps_begin_by_the_clock_on_the_wall(moment: str, bucket: Bucket, start: str) -> None:
    hour = hour_of(datetime.fromisoformat(moment))

    assert datetime.fromisoformat(start) == steps(bucket).start_of(hour)


def test_steps_in_which_nothing_happened_are_there_too() -> None:
    since = datetime(2026, 11, 2, tzinfo=BERLIN).astimezone(UTC)
    scope = Scope(since=since, until=since + timedelta(days=15, hours=1))

    assert len(steps(Bucket.DAY).starts(scope)) == 16
    assert len(steps(Bucket.WEEK).starts(scope)) == 3
