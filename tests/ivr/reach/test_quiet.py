from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import BadSettings
from ivr.reach.quiet import earliest_contact, holidays, is_quiet
from ivr.settings import ReachSettings

BERLIN = ZoneInfo("Europe/Berlin")
DEFAULT = ReachSettings()


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-25T20:00",
        "2026-11-26T07:59",
        "2026-11-26T00:00",
        "2026-11-29T12:00",
        "2026-12-25T12:00",
        "2026-04-03T12:00",
        "2026-10-03T12:00",
    ],
)
def test_nobody_is_disturbed_at_night_on_sundays_and_on_holidays(moment: str) -> None:
    assert is_quiet(berlin(moment), DEFAULT)


@pytest.mark.parametrize("moment", ["2026-11-25T08:00", "2026-11-25T19:59", "2026-11-28T12:00"])
def test_the_rest_of_the_week_is_free(moment: str) -> None:
    assert not is_quiet(berlin(moment), DEFAULT)
    assert earliest_contact(berlin(moment), DEFAULT) == berlin(moment)


@pytest.mark.parametrize(
    ("now", "earliest"),
    [
        ("2026-11-25T06:30", "2026-11-25T08:00"),
        ("2026-11-25T21:00", "2026-11-26T08:00"),
        # Saturday evening; Sunday is off.
        ("2026-11-28T21:00", "2026-11-30T08:00"),
        # Christmas Eve; two holidays and a Sunday follow.
        ("2026-12-24T20:30", "2026-12-28T08:00"),
        # Holy Saturday; Easter Monday is the last day off.
        ("2026-04-04T20:00", "2026-04-07T08:00"),
        # The night in which the clocks go forward.
        ("2027-03-28T01:00", "2027-03-30T08:00"),
    ],
)
def test_the_next_time_is_after_the_quiet(now: str, earliest: str) -> None:
    assert earliest_contact(berlin(now), DEFAULT) == berlin(earliest)


def test_hours_count_where_the_customers_live_and_not_where_the_server_stands() -> None:
    assert is_quiet(datetime.fromisoformat("2026-11-25T19:30+00:00"), DEFAULT)
    assert not is_quiet(datetime.fromisoformat("2026-07-01T06:00+00:00"), DEFAULT)
    assert is_quiet(datetime.fromisoformat("2026-11-25T06:59+00:00"), DEFAULT)


def test_quiet_hours_may_lie_in_the_day_or_be_none() -> None:
    noon = ReachSettings(quiet_from=time(12), quiet_until=time(14))
    none = ReachSettings(
        quiet_from=time(0), quiet_until=time(0), quiet_sundays=False, quiet_holidays=False
    )

    assert earliest_contact(berlin("2026-11-25T13:00"), noon) == berlin("2026-11-25T14:00")
    assert earliest_contact(berlin("2026-11-29T23:00"), noon) == berlin("2026-11-30T00:00")
    assert not is_quiet(berlin("2026-12-25T03:00"), none)


def test_holidays_are_the_nine_of_the_whole_country() -> None:
    assert holidays(2027) == {
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 5, 6),
        date(2027, 5, 17),
        date(2027, 10, 3),
        date(2027, 12, 25),
        date(2027, 12, 26),
    }


@pytest.mark.parametrize("zone", ["Berlin", "", "../etc/passwd"])
def test_a_zone_that_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(BadSettings, match="IVR_REACH__ZONE"):
        ReachSettings(zone=zone)
