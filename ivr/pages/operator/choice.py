"""Which calls a page of figures is about: a range of days, and filters."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ivr.journal.buckets import Bucket
from ivr.journal.tallies import Scope

Range = Literal["today", "7d", "30d", "custom"]
RANGES: tuple[Range, ...] = ("today", "7d", "30d", "custom")

_DAYS: dict[Range, int] = {"today": 1, "7d": 7, "30d": 30}
_LONGEST_DAYS = 400
_MOST_HOURS_DAYS = 3
_MOST_DAYS = 62
"""Beyond so many days a step is a week."""

_Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[\w.-]*$")]


class Query(BaseModel):
    """What stands behind the question mark of an address."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    range: Range = "7d"
    since: Annotated[str, StringConstraints(max_length=10)] = Field(default="", alias="from")
    until: Annotated[str, StringConstraints(max_length=10)] = Field(default="", alias="to")
    business: _Code = ""
    language: _Code = ""
    gateway: _Code = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A range that can be used."""

    range: Range
    first: date
    last: date
    """The last day that counts."""

    business: str = ""
    language: str = ""
    gateway: str = ""
    is_corrected: bool = False
    """The days that were named are none, or too many; others were taken."""

    def scope(self, now: datetime, zone: ZoneInfo) -> Scope:
        """Up to the end of this hour at most: what has not happened is no nought."""
        this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        end = _midnight(self.last + timedelta(days=1), zone)
        return Scope(
            since=_midnight(self.first, zone),
            until=min(end, this_hour + timedelta(hours=1)),
            business=self.business,
            language=self.language,
            gateway=self.gateway,
        )

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def bucket(self) -> Bucket:
        if self.days <= _MOST_HOURS_DAYS:
            return Bucket.HOUR
        return Bucket.DAY if self.days <= _MOST_DAYS else Bucket.WEEK

    def query(self) -> str:
        """The same choice in an address."""
        named: dict[str, str] = {"range": self.range}
        if self.range == "custom":
            named |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        filters = {"business": self.business, "language": self.language, "gateway": self.gateway}
        return urlencode(named | {name: code for name, code in filters.items() if code})

    @property
    def unfiltered(self) -> "Choice":
        return replace(self, business="", language="", gateway="")


def chosen(query: Query, now: datetime, zone: ZoneInfo) -> Choice:
    """What was asked for; the last seven days where that is no range of days."""
    today = now.astimezone(zone).date()
    found = _custom(query, today) if query.range == "custom" else None
    is_corrected = query.range == "custom" and found is None
    kind: Range = "7d" if is_corrected else query.range
    first, last = found or (today - timedelta(days=_DAYS.get(kind, 7) - 1), today)
    return Choice(
        range=kind,
        first=first,
        last=last,
        business=query.business,
        language=query.language,
        gateway=query.gateway,
        is_corrected=is_corrected,
    )


def _custom(query: Query, today: date) -> tuple[date, date] | None:
    try:
        first, last = date.fromisoformat(query.since), date.fromisoformat(query.until)
    except ValueError:
        return None
    last = min(last, today)
    return (first, last) if 0 <= (last - first).days < _LONGEST_DAYS else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
