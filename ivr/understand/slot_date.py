"""The day that a sentence means."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    "januar": 1, "jänner": 1, "january": 1, "jan": 1, "februar": 2, "february": 2, "feb": 2,
    "märz": 3, "march": 3, "mar": 3, "april": 4, "apr": 4, "mai": 5, "may": 5, "juni": 6,
    "juno": 6, "june": 6, "jun": 6, "juli": 7, "july": 7, "jul": 7, "august": 8, "aug": 8,
    "september": 9, "sept": 9, "sep": 9, "oktober": 10, "october": 10, "okt": 10, "oct": 10,
    "november": 11, "nov": 11, "dezember": 12, "december": 12, "dez": 12, "dec": 12,
}  # fmt: skip
_WEEKDAYS = {
    "montag": 0, "monday": 0, "dienstag": 1, "tuesday": 1, "mittwoch": 2, "wednesday": 2,
    "donnerstag": 3, "thursday": 3, "freitag": 4, "friday": 4, "samstag": 5, "sonnabend": 5,
    "saturday": 5, "sonntag": 6, "sunday": 6,
}  # fmt: skip
_FEASTS = {
    "heiligabend": (12, 24), "heilig abend": (12, 24), "christmas eve": (12, 24),
    "christmas day": (12, 25), "silvester": (12, 31), "new year's eve": (12, 31),
    "neujahr": (1, 1), "new year's day": (1, 1), "nikolaus": (12, 6),
}  # fmt: skip
_RELATIVE = {
    "vorgestern": -2, "day before yesterday": -2, "gestern": -1, "yesterday": -1,
    "heute": 0, "today": 0, "tonight": 0, "übermorgen": 2, "day after tomorrow": 2,
    "morgen": 1, "tomorrow": 1,
}  # fmt: skip
_COUNTS = {"ein": 1, "einem": 1, "einer": 1, "a": 1, "one": 1, "zwei": 2, "two": 2}
_UNITS = {"tag": 1, "day": 1, "woche": 7, "week": 7}
_ORDINALS = {"erst": 1, "firs": 1, "zwei": 2, "seco": 2}

MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
"""Pattern of any month's name, to be used in a group and without regard to case."""

_WEEKDAY = "|".join(_WEEKDAYS)
_DAY = r"(?P<day>\d{1,2}|erste[nr]?|zweite[nr]?|first|second)(?:\.|st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20) ?\d\d)(?! ?uhr)"
_LEAD = rf"(?:(?:{_WEEKDAY})s?,? (?:(?:den|dem|the) )?)?"
_AFTER = r"(?:(?<=am )|(?<=zum )|(?<=den )|(?<=dem )|(?<=ab )|(?<=vom )|(?<=auf )|(?<=the ))"
_SIDE = r"(?P<side>(?:über)?nächste|next|diese|this|kommende|coming|letzte|vergangene|vorige|last)"


_BACK = ("letzt", "vergangen", "vorig", "last")
_BESIDE = (
    r"(?P<side>nächste|kommende|diese|letzte|vergangene|vorige|next|this|last)[nms]?"
    r" (?:jahre?s?|year)"
)
_YEAR_AFTER = re.compile(rf",? (?:im |of |in )?{_BESIDE}\b", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    rf"\b{_BESIDE},? (?:(?:am|zum|ab|vom|on|den|the|zu|at) )*$", re.IGNORECASE
)
_OTHER_MONTH = re.compile(
    r" ?(?:of |im |in )?(?:nächste|kommende|letzte|vergangene|vorige|next|last)[nms]?"
    r" (?:monat|month)",
    re.IGNORECASE,
)
_A_WEEK_SAID_LOOSELY = 8
"""Days: "Freitag in acht Tagen" is Friday in a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A phrase that names a day."""

    start: int
    end: int
    day: date | None
    """None when there is no such day."""


_Resolve = Callable[[re.Match[str], date, bool], date | None]


def _of_month(found: re.Match[str], today: date, is_past: bool) -> date | None:  # noqa: FBT001 - one shape for all rules
    parts = found.groupdict()
    month = parts.get("month")
    if month is None:
        if _OTHER_MONTH.match(found.string, found.end()):
            return None
        return _day_alone(_day(parts["day"]), today)
    number = int(month) if month.isdecimal() else _MONTHS[month.casefold()]
    day, year = _day(parts["day"]), parts.get("year")
    if number > 12 >= day:  # noqa: PLR2004 - 12/24 can only be meant the American way
        number, day = day, number
    if year:
        whole = int(year.replace(" ", ""))
        return _exact(whole + 2000 * (whole < 100), number, day)  # noqa: PLR2004
    if (ahead := _years_ahead(found)) is not None:
        return _exact(today.year + ahead, number, day)
    return _nearest(number, day, today, is_past=is_past)


def _years_ahead(found: re.Match[str]) -> int | None:
    """1 next to "nächstes Jahr", -1 next to "last year", None without a word for the year."""
    beside = _YEAR_AFTER.match(found.string, found.end()) or _YEAR_BEFORE.search(
        found.string[: found.start()]
    )
    if beside is None:
        return None
    side = beside["side"].casefold()
    return -1 if side.startswith(_BACK) else 0 if side.startswith(("dies", "this")) else 1


def _day(said: str) -> int:
    return int(said) if said.isdecimal() else _ORDINALS[said[:4].casefold()]


def _exact(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):  # noqa: PLR2004
        return None
    return date(year, month, day)


def _nearest(month: int, day: int, today: date, *, is_past: bool) -> date | None:
    """The next such day from today on, or the last one; a leap day may be years away."""
    years = range(today.year, today.year - 9, -1) if is_past else range(today.year, today.year + 9)
    days = (_exact(year, month, day) for year in years)
    return next((one for one in days if one and (one <= today if is_past else one >= today)), None)


def _day_alone(day: int, today: date) -> date | None:
    months = (divmod(today.year * 12 + today.month - 1 + ahead, 12) for ahead in range(3))
    days = (_exact(year, month + 1, day) for year, month in months)
    return next((one for one in days if one and one >= today), None)


def _feast(found: re.Match[str], today: date, is_past: bool) -> date | None:  # noqa: FBT001
    month, day = _FEASTS[found[0].casefold()]
    if (ahead := _years_ahead(found)) is not None:
        return _exact(today.year + ahead, month, day)
    return _nearest(month, day, today, is_past=is_past)


def _relative(found: re.Match[str], today: date, is_past: bool) -> date | None:  # noqa: ARG001, FBT001
    return today + timedelta(days=_RELATIVE[found["name"].casefold()])


def _ahead(found: re.Match[str], today: date, is_past: bool) -> date | None:  # noqa: ARG001, FBT001
    start, days = found.groupdict().get("start"), _days(found)
    if start is None:
        return today + timedelta(days=days)
    days = 7 if days == _A_WEEK_SAID_LOOSELY else days
    if (name := start.casefold()) in _WEEKDAYS:
        return _next_weekday(name, today) + timedelta(days=days)
    return today + timedelta(days=_RELATIVE[name] + days)


def _ago(found: re.Match[str], today: date, is_past: bool) -> date | None:  # noqa: ARG001, FBT001
    return today - timedelta(days=_days(found))


def _unsure(*_: object) -> date | None:
    """Of "Freitag vor einer Woche" nobody knows the week."""
    return None


def _days(found: re.Match[str]) -> int:
    parts = found.groupdict()
    said, unit = (parts.get("count") or "a").casefold(), (parts.get("unit") or "week").casefold()
    count = int(said) if said.isdecimal() else _COUNTS[said]
    return count * next(days for name, days in _UNITS.items() if unit.startswith(name))


def _next_weekday(name: str, today: date) -> date:
    return today + timedelta(days=(_WEEKDAYS[name.casefold()] - today.weekday() - 1) % 7 + 1)


def _weekday(found: re.Match[str], today: date, is_past: bool) -> date | None:  # noqa: ARG001, FBT001
    """Next means of next week, as most people say it; it is read back before it counts."""
    name, side = found["weekday"], (found.groupdict().get("side") or "").casefold()
    monday = today - timedelta(days=today.weekday())
    of_week = monday + timedelta(days=_WEEKDAYS[name.casefold()])
    if side.startswith("übernächste"):
        return of_week + timedelta(days=14)
    if side.startswith(("nächste", "next")):
        return of_week + timedelta(days=7)
    if side.startswith(_BACK):
        return _next_weekday(name, today - timedelta(days=8))
    return _next_weekday(name, today)


_THAT_WEEK = rf"(?:in )?(?:der )?{_SIDE}[mnrs]? (?:woche|week)"
_TO_UNIT = (
    r"(?P<count>\d{1,3}|einem|einer|ein|a|one|zwei|two) (?P<unit>tage?n?|wochen?|days?|weeks?)"
)
_WEEKS = r"(?P<count>\d{1,2}|a|one|two) (?P<unit>weeks?)"
_START = rf"{_WEEKDAY}|heute|übermorgen|morgen|today|tomorrow"
_RULES: tuple[tuple[re.Pattern[str], _Resolve], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), resolve)
    for pattern, resolve in (
        (r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", _of_month),
        (rf"\b{_LEAD}{_DAY} ?(?:of )?(?P<month>{MONTH})\b\.?(?:,? {_YEAR}\b)?", _of_month),
        (rf"\b(?P<month>{MONTH})\b\.? (?:the )?{_DAY}(?!\d)(?:,? {_YEAR}\b)?", _of_month),
        (
            (rf"\b{_LEAD}(?P<day>\d\d?)\. ?(?P<month>\d\d?)\."
            r"(?: ?(?P<year>(?:19|20) ?\d\d|\d\d)\b)?"),
            _of_month,
        ),
        (r"\b(?P<day>\d\d?)/(?P<month>\d\d?)(?:/(?P<year>(?:19|20)\d\d|\d\d))?\b", _of_month),
        (r"(?<=\bam )(?P<day>\d\d?)\.(?P<month>\d\d?)\b(?! ?(?:euro|€|uhr))", _of_month),
        ("|".join(rf"\b{name}\b" for name in _FEASTS), _feast),
        (rf"\b(?P<start>{_START}) in {_TO_UNIT}\b", _ahead),
        (rf"(?<!\bin )\b{_WEEKS} (?:from |on )?(?P<start>{_START})\b", _ahead),
        (rf"\b(?P<start>{_START}) week\b", _ahead),
        (rf"\b(?:{_WEEKDAY})s? vor {_TO_UNIT}\b", _unsure),
        (rf"\b{_TO_UNIT} ago (?:on |last )?(?:{_WEEKDAY})\b", _unsure),
        (rf"\bvor {_TO_UNIT}\b", _ago),
        (rf"\b{_TO_UNIT} ago\b", _ago),
        (rf"\bin {_TO_UNIT}\b", _ahead),
        (rf"\b{_SIDE}[mnrs]?(?: woche| week)?(?: am| on)? (?P<weekday>{_WEEKDAY})s?\b", _weekday),
        (rf"\b(?P<weekday>{_WEEKDAY})s? {_THAT_WEEK}\b", _weekday),
        (rf"\b{_LEAD}{_AFTER}(?P<day>\d\d?)(?:\.|st|nd|rd|th)(?! ?[\d%])", _of_month),
        (rf"\b(?P<weekday>{_WEEKDAY})(?:abend|nachmittag|mittag|morgen|vormittag|s)?\b", _weekday),
        (rf"\b(?P<name>{'|'.join(_RELATIVE)})\b", _relative),
    )
)  # fmt: skip
"""Most telling first: a phrase that an earlier rule took is not read again."""

_NOT_TOMORROW = re.compile(
    r"\b(?:guten|am|jeden|diesen|heute|gestern|der|den|pro)\s+$", re.IGNORECASE
)
_IN_PLACE = re.compile(
    r"\b(?:statt|anstatt|anstelle|nicht|instead of|rather than|not)"
    r"(?: (?:am|vom|dem|den|on|the))*\s+$",
    re.IGNORECASE,
)
_BORN_BEFORE = re.compile(
    r"\b(?:geboren|geburtsdatum|geburtstag|born|birth|birthday)"
    r"(?:\W+(?:bin|ich|wurde|ist|is|am|der|den|on|the|in|im))*\W*$",
    re.IGNORECASE,
)
_BORN_AFTER = re.compile(r"\W*(?:in [^\W\d_]+ )?(?:geboren|born)\b", re.IGNORECASE)
_TARGET = re.compile(r"\b(?:auf|to)(?: (?:den|dem|the|am|kommenden|einen))*\s+$", re.IGNORECASE)
_SOURCE = re.compile(r"\b(?:vom|von|from)(?: (?:dem|the))*\s+$", re.IGNORECASE)
_PAST = re.compile(
    r"(?:rechnung|buchung|überweisung|lastschrift|auszug|bestell|gekauft|zahlung|"
    r"invoice|bill|charge|payment|statement|debit|ordered|bought|paid)\w*"
    r"(?:\W+\w+){0,3}?\W+(?:vom|von|am|from|of|on|dated)(?: the)?\s+$",
    re.IGNORECASE,
)


def read_date(written: str, today: date) -> date | None:
    """The day meant, in German or English; numbers are in digits.

    Without a year it is the next such day, of a bill or an order the last one. Of several days
    the one that something is moved to counts ("von Freitag auf Montag"), never one that is
    replaced ("statt am Freitag"), else the first. A day that does not exist is none, and
    neither is the day somebody was born.
    """
    found = [
        (one.day, written[: one.start])
        for one in sorted(_phrases(written, today), key=lambda one: one.start)
        if one.day
        and not _IN_PLACE.search(written[: one.start])
        and not _BORN_BEFORE.search(written[: one.start])
        and not _BORN_AFTER.match(written, one.end)
    ]
    targets = [day for day, before in found if _TARGET.search(before)]
    if targets:
        return targets[-1]
    if "bis" not in written.casefold().split():
        found = [pair for pair in found if not _SOURCE.search(pair[1])] or found
    return found[0][0] if found else None


def _phrases(written: str, today: date) -> Iterator[_Found]:
    taken: list[_Found] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(written):
            before = written[: match.start()]
            is_taken = any(match.start() < one.end and one.start < match.end() for one in taken)
            if is_taken or (match[0].casefold() == "morgen" and _NOT_TOMORROW.search(before)):
                continue
            day = resolve(match, today, bool(_PAST.search(before)))
            found = _Found(start=match.start(), end=match.end(), day=day)
            taken.append(found)
            yield found
