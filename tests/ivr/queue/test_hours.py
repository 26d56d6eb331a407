from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from ivr.queue.hours import Hours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours.model_validate(
    {
        "zone": "Europe/Berlin",
        "days": {
            "mon": ["13:00-18:00", "08:00-12:00"],
            "fri": ["20:00-24:00"],
            "sat": ["00:00-02:00"],
            "sun": ["01:00-04:00"],
        },
        "holidays": ["easter+1", "12-28", "2026-11-30"],
    }
)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=BERLIN)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"zone": "Europe/Atlantis"}, "no time zone"),
        ({"days": {"mon": ["8-18"]}}, "no span of time"),
        ({"days": {"mon": ["18:00-08:00"]}}, "ends before it begins"),
        ({"days": {"mon": ["08:00-29:00"]}}, "no time"),
        ({"days": {"mon": []}}, "at least 1"),
        ({"days": {"monday": ["08:00-18:00"]}}, "'mon'"),
        ({"holidays": ["christmas"]}, "no holiday"),
        ({"holidays": ["13-01"]}, "no holiday"),
        ({"open": True}, "Extra inputs"),
    ],
)
def test_hours_that_cannot_be_used_say_why(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Hours.model_validate({"zone": "UTC", "days": {"mon": ["08:00-18:00"]}, **change})


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(2026, 11, 23, 7, 59), False),
        (at(2026, 11, 23, 8, 0), True),
        (at(2026, 11, 23, 12, 0), False),
        (at(2026, 11, 23, 17, 59, 59), True),
        (at(2026, 11, 23, 18, 0), False),
        (at(2026, 11, 24, 9, 0), False),
        (at(2026, 11, 30, 9, 0), False),
        (at(2026, 12, 28, 9, 0), False),
        (at(2026, 4, 6, 9, 0), False),
        (at(2026, 4, 13, 9, 0), True),
        (at(2026, 11, 27, 23, 59, 59), True),
        (at(2026, 11, 28, 1, 0), True),
        (datetime(2026, 11, 23, 7, 30, tzinfo=UTC), True),
        (datetime(2026, 7, 6, 6, 30, tzinfo=UTC), True),
    ],
)
def test_it_is_open_at_its_times_in_its_zone_but_for_holidays(
    moment: datetime, is_open: bool
) -> None:
    assert OFFICE.is_open(moment) is is_open


@pytest.mark.parametrize("moment", [at(2026, 3, 29, 1, 30), at(2026, 3, 29, 3, 30)])
def test_the_clock_on_the_wall_counts_when_an_hour_is_left_out(moment: datetime) -> None:
    assert OFFICE.is_open(moment)
    assert OFFICE.is_open(moment.astimezone(UTC))


def test_the_next_opening_is_found_behind_holidays() -> None:
    assert OFFICE.opens_after(at(2026, 11, 29, 5, 0)) == at(2026, 12, 4, 20, 0)
    assert OFFICE.opens_after(at(2026, 11, 23, 12, 30)) == at(2026, 11, 23, 13, 0)


def test_what_never_opens_has_no_next_opening() -> None:
    closed = Hours.model_validate({"zone": "UTC", "days": {}})

    assert closed.opens_after(at(2026, 11, 23)) is None


def test_the_29th_of_february_is_a_holiday_every_four_years() -> None:
    hours = Hours.model_validate(
        {"zone": "UTC", "days": {"tue": ["08:00-18:00"]}, "holidays": ["02-29"]}
    )

    assert not hours.is_open(datetime(2028, 2, 29, 9, tzinfo=UTC))
    assert hours.is_open(datetime(2027, 3, 2, 9, tzinfo=UTC))
