"""Figures look as people of each language write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.call import Language
from ivr.journal.buckets import Bucket
from ivr.pages.operator.numbers import Written

ZONE = ZoneInfo("Europe/Berlin")
DE = Written(language=Language.GERMAN, zone=ZONE)
EN = Written(language=Language.ENGLISH, zone=ZONE)
AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_thousands_and_decimals() -> None:
    assert (DE.count(12_345), EN.count(12_345)) == ("12.345", "12,345")
    assert (DE.decimal(3.25), EN.decimal(3.25)) == ("3,2", "3.2")
    assert DE.percent(0.1234) == "12,3\N{NO-BREAK SPACE}%"
    assert DE.percent(None) == "\N{EN DASH}"
    assert EN.ratio(-1.5) == "\N{MINUS SIGN}1.50"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(None, "\N{EN DASH}"), (0, "0 s"), (119, "119 s"), (200, "3:20 min"), (9_000, "2,5 h")],
)
def test_time(seconds: float | None, written: str) -> None:
    assert DE.seconds(seconds).replace("\N{NO-BREAK SPACE}", " ") == written


def test_moments_are_those_on_the_wall() -> None:
    assert (DE.day(AT), EN.day(AT)) == ("2. März", "2 Mar")
    assert DE.moment(AT) == "2. März, 00:30"
    assert DE.step(AT, Bucket.HOUR) == "00:00"
    assert DE.step(AT, Bucket.DAY) == "2. März"
    assert (DE.step(AT, Bucket.WEEK), EN.step(AT, Bucket.WEEK)) == ("KW 10", "W 10")
    assert EN.exact(AT, Bucket.HOUR) == "2026-03-02 00:30"
    assert EN.exact(AT, Bucket.DAY) == "2026-03-02"
    assert DE.full_day(date(2026, 3, 2)) == "2. März 2026"
