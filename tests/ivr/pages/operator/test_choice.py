"""Which calls a page is about: whole days of the customers' zone, never the future."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from ivr.journal.buckets import Bucket
from ivr.pages.operator.choice import Choice, Query, chosen

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 23, 20, tzinfo=UTC)
"""In Berlin it is the 27th already."""


def custom(since: str, until: str) -> Choice:
    return chosen(Query.model_validate({"range": "custom", "from": since, "to": until}), NOW, ZONE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"range": "always"},
        {"gateway": "twilio' or 1=1"},
        {"business": "x" * 65},
        {"from": "2026-11-26T00:00"},
    ],
)
def test_what_is_no_choice_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Query.model_validate(wrong)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("", ""),
        ("2026-11-26", "2026-11-25"),
        ("2020-01-01", "2026-11-25"),
        ("yesterday", "today"),
        ("2026-02-30", "2026-03-01"),
        ("2027-01-01", "2027-01-02"),
    ],
)
def test_days_that_make_no_range_are_told_and_replaced(since: str, until: str) -> None:
    choice = custom(since, until)

    assert choice.is_corrected
    assert (choice.range, choice.days) == ("7d", 7)


def test_today_is_the_day_on_the_wall() -> None:
    choice = chosen(Query(range="today"), NOW, ZONE)
    scope = choice.scope(NOW, ZONE)

    assert choice.first == choice.last == date(2026, 11, 27)
    assert scope.since == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert scope.until == datetime(2026, 11, 27, 0, tzinfo=UTC)


def test_a_range_ends_with_its_last_day_or_with_this_hour() -> None:
    past = custom("2026-10-24", "2026-10-25").scope(NOW, ZONE)
    assert past.since == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert past.until == datetime(2026, 10, 25, 23, tzinfo=UTC)  # the clocks went back that day

    assert custom("2026-11-20", "2026-12-31").last == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("since", "bucket"),
    [
        ("2026-11-25", Bucket.HOUR),
        ("2026-11-01", Bucket.DAY),
        ("2026-06-01", Bucket.WEEK),
    ],
)
def test_steps_grow_with_the_range(since: str, bucket: Bucket) -> None:
    assert custom(since, "2026-11-27").bucket is bucket


def test_a_choice_can_be_put_into_an_address_again() -> None:
    choice = chosen(Query(range="30d", language="de", gateway="twilio"), NOW, ZONE)

    assert choice.query() == "range=30d&language=de&gateway=twilio"
    assert custom("2026-11-01", "2026-11-02").query() == (
        "range=custom&from=2026-11-01&to=2026-11-02"
    )
    assert choice.unfiltered.query() == "range=30d"
