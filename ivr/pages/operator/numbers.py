"""Figures and moments as people write them, in German and in English."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ivr.call import Language
from ivr.journal.buckets import Bucket

_NONE = "\N{EN DASH}"
_MINUTE_S, _HOUR_S = 60, 3_600
_MONTHS = {
    Language.GERMAN: ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.",
                      "Okt.", "Nov.", "Dez."),
    Language.ENGLISH: ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct",
                       "Nov", "Dec"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How one language writes figures; moments in one zone."""

    language: Language
    zone: ZoneInfo

    def count(self, value: float) -> str:
        return self._plain(f"{value:,.0f}")

    def decimal(self, value: float) -> str:
        return self._plain(f"{value:,.1f}")

    def ratio(self, value: float) -> str:
        """Logarithms of ratios and the like, with their sign."""
        return self._plain(f"{value:.2f}").replace("-", "\N{MINUS SIGN}")

    def percent(self, share: float | None) -> str:
        """Of a share of 0 to 1; a dash where there is none."""
        return _NONE if share is None else self._plain(f"{100 * share:.1f}") + "\N{NO-BREAK SPACE}%"

    def whole_percent(self, share: float) -> str:
        return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"

    def seconds(self, seconds: float | None) -> str:
        """As 45 s, 3:20 min or 2.5 h; a dash where there are none."""
        if seconds is None:
            return _NONE
        if seconds < 2 * _MINUTE_S:
            return f"{seconds:.0f}\N{NO-BREAK SPACE}s"
        if seconds < 2 * _HOUR_S:
            minutes, rest = divmod(round(seconds), _MINUTE_S)
            return f"{minutes}:{rest:02}\N{NO-BREAK SPACE}min"
        return self.decimal(seconds / _HOUR_S) + "\N{NO-BREAK SPACE}h"

    def step(self, start: datetime, bucket: Bucket) -> str:
        """What a step of time is called."""
        local = start.astimezone(self.zone)
        match bucket:
            case Bucket.HOUR:
                return f"{local:%H}:00"
            case Bucket.DAY:
                return self._day(local)
            case Bucket.WEEK:
                return f"{'KW' if self.language is Language.GERMAN else 'W'} {local:%V}"

    def day(self, moment: datetime) -> str:
        return self._day(moment.astimezone(self.zone))

    def full_day(self, day: date) -> str:
        return f"{self._day(day)} {day.year}"

    def moment(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{self._day(local)}, {local:%H:%M}"

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M:%S}"

    def exact(self, start: datetime, bucket: Bucket) -> str:
        """As spreadsheets understand it."""
        local = start.astimezone(self.zone)
        return f"{local:%Y-%m-%d %H:%M}" if bucket is Bucket.HOUR else f"{local:%Y-%m-%d}"

    def _day(self, local: date) -> str:
        month = _MONTHS[self.language][local.month - 1]
        return (
            f"{local.day}. {month}" if self.language is Language.GERMAN else f"{local.day} {month}"
        )

    def _plain(self, english: str) -> str:
        if self.language is Language.ENGLISH:
            return english
        return english.translate(str.maketrans(",.", ".,"))
