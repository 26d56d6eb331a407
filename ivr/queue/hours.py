"""When people are there, as a manager wrote it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ivr.easter import easter

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FURTHEST_DAYS = 366
"""How far ahead an opening is looked for."""

_MIDNIGHT = "24:00"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ValueError("is no time zone such as Europe/Berlin") from err
    return name


def _span(text: str) -> str:
    parts = re.fullmatch(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])", text)
    if parts is None:
        raise ValueError("is no span of time such as 08:00-18:00")
    start, end = parts.groups()
    if _clock(start) >= _clock(end):
        raise ValueError("ends before it begins; write 22:00-24:00 and 00:00-06:00 the day after")
    return text


def _clock(text: str) -> timedelta:
    """Since midnight."""
    if text == _MIDNIGHT:
        return timedelta(days=1)
    try:
        at = time.fromisoformat(text)
    except ValueError as err:
        raise ValueError("is no time such as 08:00") from err
    return timedelta(hours=at.hour, minutes=at.minute)


def _holiday(text: object) -> str:
    """Dates are YAML's own."""
    written = str(text)
    if _EASTER.fullmatch(written):
        return written
    try:
        date.fromisoformat(written if len(written) > len("12-25") else f"2024-{written}")
    except ValueError as err:
        raise ValueError("is no holiday such as 2026-12-24, 12-25 or easter+1") from err
    return written


_EASTER = re.compile(r"easter(?:([+-][0-9]{1,3}))?")

_Span = Annotated[str, AfterValidator(_span)]
_Holiday = Annotated[str, BeforeValidator(_holiday)]


class Hours(BaseModel):
    """Open on these days at these times, but for holidays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: Annotated[str, AfterValidator(_known_zone)]
    """IANA."""

    days: dict[Day, Annotated[tuple[_Span, ...], Field(min_length=1)]]
    holidays: tuple[_Holiday, ...] = ()
    """A date, a day of every year (12-25), or days from Easter Sunday (easter+39)."""

    def is_open(self, moment: datetime) -> bool:
        """`moment` is aware."""
        return any(start <= moment < end for start, end in self._spans(self._day(moment)))

    def opens_after(self, moment: datetime) -> datetime | None:
        """The next opening; None where there is none within a year."""
        first = self._day(moment)
        for ahead in range(_FURTHEST_DAYS):
            for start, _ in self._spans(first + timedelta(days=ahead)):
                if start > moment:
                    return start
        return None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """By the clock on the wall, whatever daylight saving does to the day."""
        if day in self._holidays(day.year):
            return
        for span in sorted(self.days.get(_DAYS[day.weekday()], ())):
            start, _, end = span.partition("-")
            yield self._moment(day, start), self._moment(day, end)

    def _moment(self, day: date, clock: str) -> datetime:
        if clock == _MIDNIGHT:
            return self._moment(day + timedelta(days=1), "00:00")
        return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(self.zone))

    def _holidays(self, year: int) -> frozenset[date]:
        return frozenset(filter(None, (_date_of(one, year) for one in self.holidays)))


def _date_of(holiday: str, year: int) -> date | None:
    if moving := _EASTER.fullmatch(holiday):
        return easter(year) + timedelta(days=int(moving[1] or 0))
    if len(holiday) > len("12-25"):
        return date.fromisoformat(holiday)
    try:
        return date.fromisoformat(f"{year}-{holiday}")
    except ValueError:  # 29 February
        return None
