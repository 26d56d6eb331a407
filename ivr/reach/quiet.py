"""When customers are left in peace."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.easter import easter
from ivr.settings import ReachSettings

_SUNDAY = 7
_LONGEST_SEARCH_DAYS = 30
"""More than any row of days off; after it every day was off."""


def earliest_contact(now: datetime, settings: ReachSettings) -> datetime:
    """The next moment from `now` on outside quiet hours, aware, in the customers' zone."""
    zone = ZoneInfo(settings.zone)
    local = now.astimezone(zone)
    if not is_quiet(local, settings):
        return local
    for days in range(_LONGEST_SEARCH_DAYS):
        day = local.date() + timedelta(days=days)
        if not _is_day_off(day, settings):
            for wake in (datetime.combine(day, at, zone) for at in _wakings(settings)):
                if wake >= local and not is_quiet(wake, settings):
                    return wake
    return local + timedelta(days=_LONGEST_SEARCH_DAYS)


def is_quiet(moment: datetime, settings: ReachSettings) -> bool:
    """Whether `moment`, aware, lies in quiet hours or on a day off."""
    local = moment.astimezone(ZoneInfo(settings.zone))
    if _is_day_off(local.date(), settings):
        return True
    start, end, at = settings.quiet_from, settings.quiet_until, local.time()
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def holidays(year: int) -> frozenset[date]:
    """Public holidays of the whole of Germany."""
    moving = (easter(year) + timedelta(days=days) for days in (-2, 1, 39, 50))
    fixed = (date(year, month, day) for month, day in _FIXED)
    return frozenset((*moving, *fixed))


_FIXED = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
"""New Year, Labour Day, German Unity, Christmas; Good Friday to Whit Monday move with Easter."""


def _is_day_off(day: date, settings: ReachSettings) -> bool:
    is_sunday = settings.quiet_sundays and day.isoweekday() == _SUNDAY
    return is_sunday or (settings.quiet_holidays and day in holidays(day.year))


def _wakings(settings: ReachSettings) -> tuple[time, ...]:
    return (time.min, settings.quiet_until)
