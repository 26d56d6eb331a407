"""Which of several options somebody means who names what is in it."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from ivr.errand import Option

_DAYS = (
    ("montag", "monday"),
    ("dienstag", "tuesday"),
    ("mittwoch", "wednesday"),
    ("donnerstag", "thursday"),
    ("freitag", "friday"),
    ("samstag", "saturday"),
    ("sonntag", "sunday"),
)
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.]| uhr )(\d{2})\b|\b(\d{1,2})(?: uhr| o'clock)\b")
_HALF_DAY = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))? ?([ap])\.?m\b")
_MONEY = re.compile(r"(\d+(?:\.\d{2})?) [A-Z]{3}")

_CHEAPEST = re.compile(r"\b(?:billigste|günstigste|preiswerteste|cheapest)\w*\b")
_DEAREST = re.compile(r"\b(?:teuerste|dearest|most expensive)\w*\b")
_EARLIEST = re.compile(r"\b(?:früheste|frühere|nächste|earliest|earlier|soonest)\w*\b")
_LATEST = re.compile(r"\b(?:späteste|spätere|latest|later)\w*\b")


def option_in(text: str, options: tuple[Option, ...]) -> int | None:
    """The place, counted from 0, of the one option that the words fit; None where none or several.

    Times, days of the week and names count, and the cheapest or earliest of them all.
    """
    text = text.casefold()
    for pattern, value_of, best in (
        (_CHEAPEST, _price, min),
        (_DEAREST, _price, max),
        (_EARLIEST, _moment, min),
        (_LATEST, _moment, max),
    ):
        if pattern.search(text):
            return _outermost(options, value_of, best)
    fitting = [place for place, one in enumerate(options) if _holds(one, text)]
    return fitting[0] if len(fitting) == 1 else None


def _outermost(
    options: tuple[Option, ...],
    value_of: Callable[[Option], str | float | None],
    best: Callable[[Iterable[str | float]], str | float],
) -> int | None:
    values = [value_of(one) for one in options]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    outermost = best(known)
    return values.index(outermost) if values.count(outermost) == 1 else None


def _holds(option: Option, text: str) -> bool:
    """A time that is named must be its time; else a day of the week or a name is enough."""
    times = set(_times_in(text))
    values = [*option.slots.values(), *option.facts.values()]
    if times:
        return any(_time(value) in times for value in values)
    return any(_is_named(value, text) for value in values)


def _is_named(value: str, text: str) -> bool:
    if (day := _day(value)) is not None:
        return any(re.search(rf"\b{name}\b", text) for name in _DAYS[day.weekday()])
    is_name = len(value) > 1 and any(map(str.isalpha, value)) and not _MONEY.fullmatch(value)
    return is_name and re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", text) is not None


def _times_in(text: str) -> Iterable[str]:
    for hour, minute, half in _HALF_DAY.findall(text):
        yield f"{int(hour) % 12 + 12 * (half == 'p'):02d}:{minute or '00'}"
    for hour, minute, full in _CLOCK.findall(_HALF_DAY.sub(" ", text)):
        yield f"{int(hour or full):02d}:{minute or '00'}"


def _time(value: str) -> str | None:
    found = re.fullmatch(r"(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})", value)
    return f"{int(found[1]):02d}:{found[2]}" if found else None


def _day(value: str) -> date | None:
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        return None


def _price(option: Option) -> float | None:
    values = (_MONEY.fullmatch(value) for value in (*option.facts.values(), *option.slots.values()))
    return next((float(found[1]) for found in values if found), None)


def _moment(option: Option) -> str | None:
    """Something that sorts by time."""
    values = {**option.slots, **option.facts}
    whole = [value for value in values.values() if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", value)]
    if whole:
        return whole[0]
    days = [value for value in values.values() if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)]
    times = [time for value in values.values() if (time := _time(value))]
    return f"{days[0]}T{times[0] if times else '00:00'}" if days else None
