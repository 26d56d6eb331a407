"""The time of day that a sentence means, such as 14:30."""

import re
from collections.abc import Callable

from ivr.call import Language

_HOURS = {
    "null": 0, "zero": 0, "ein": 1, "eins": 1, "one": 1, "zwei": 2, "zwo": 2, "two": 2,
    "drei": 3, "three": 3, "vier": 4, "four": 4, "fünf": 5, "five": 5, "sechs": 6, "six": 6,
    "sieben": 7, "seven": 7, "acht": 8, "eight": 8, "neun": 9, "nine": 9, "zehn": 10, "ten": 10,
    "elf": 11, "eleven": 11, "zwölf": 12, "twelve": 12,
}  # fmt: skip
"""Number words that stand alone are left as words where digits are written."""

_WORDS = "|".join(
    word if word != "ein" else r"ein(?= ?uhr)" for word in sorted(_HOURS, key=len, reverse=True)
)
_HOUR = rf"(?P<hour>2[0-4]|1\d|0?\d|{_WORDS})"
_MINUTES = r"(?P<minutes>5|10|20|25|five|fünf|ten|zehn|viertel|(?:a )?quarter)"
"""Others are hours: "from eight to six"."""

_MINUTE = r"(?P<minute>[0-5]\d)"
_CLOCK = r"(?:uhr|o['\u2019 ]?clock)"
_HALF_DAY = r"(?P<half>[ap]\.? ?m\b\.?)"

_MORNING = r"morgens|früh|vormittags?|in the morning|this morning|morning|heute morgen"
_AFTERNOON = r"nachmittags?|mittags|in the afternoon|afternoon"
_EVENING = r"abends?|in the evening|evening|tonight"
_NIGHT = r"nachts|in der nacht|at night"
_PART = re.compile(
    rf"\b(?:(?P<morning>{_MORNING})|\w*?(?P<afternoon>{_AFTERNOON})|\w*?(?P<evening>{_EVENING})"
    rf"|(?P<night>{_NIGHT}))\b",
    re.IGNORECASE,
)
_PART_AFTER = (
    rf"{_NIGHT}|morgens|früh|nachmittags|abends|mittags|in the (?:morning|afternoon|evening)"
)
_AT = r"(?:um|gegen|ab|at|around|about|by)"
_ABOUT = r"(?:etwa |ungefähr |circa |about )?"
_GERMAN_AM = re.compile(r"\bam\b", re.IGNORECASE)
_NEARBY = 25
"""Characters on either side within which a part of the day belongs to a time."""

_GREETING = re.compile(
    r"\bgute[nr]? (?:morgen|tag|abend)|good (?:morning|afternoon|evening)", re.IGNORECASE
)
_NO_TIMES = (
    r"\s*(?:euro|€|prozent|%|(?:werk)?tage?n?|wochen?|monate?n?|jahre?n?|stunden?|minuten?|mal|"
    r"personen|uhr|percent|(?:working )?days?|weeks?|months?|years?|hours?|minutes?|times|people|"
    r"pounds?|dollars?|[.,]?\d|th\b|st\b|nd\b|rd\b|"
    r"\.\s?(?:\d|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|"
    r"(?:[^\W\d_]+ ){1,2}(?:road|street|lane|avenue|drive|close|way|place|square))"
)
_OFFICE_HOURS_END = 6
"""Nobody means the small hours when they say "um drei" to a company: 1 to 5 are afternoon."""

_NOON = 12
_DAY_HOURS = 24
_QUARTER = 15
_HALF = 30
_HOUR_MINUTES = 60

_Resolve = Callable[[re.Match[str]], int]
"""Minutes after midnight, hours as they were said."""


def _number(said: str) -> int:
    said = said.casefold()
    if said.endswith(("viertel", "quarter")):
        return _QUARTER
    return int(said) if said.isdecimal() else _HOURS[said]


def _on_the_clock(found: re.Match[str]) -> int:
    return _number(found["hour"]) * _HOUR_MINUTES + int(found.groupdict().get("minute") or 0)


def _before(found: re.Match[str]) -> int:
    return _number(found["hour"]) * _HOUR_MINUTES - _number(found["minutes"])


def _after(found: re.Match[str]) -> int:
    return _number(found["hour"]) * _HOUR_MINUTES + _number(found["minutes"])


def _half_to(found: re.Match[str]) -> int:
    return _number(found["hour"]) * _HOUR_MINUTES - _HALF


def _half_past(found: re.Match[str]) -> int:
    return _number(found["hour"]) * _HOUR_MINUTES + _HALF


def _before_half(found: re.Match[str]) -> int:
    return _half_to(found) - _number(found["minutes"])


def _after_half(found: re.Match[str]) -> int:
    return _half_to(found) + _number(found["minutes"])


def _quarter_to(found: re.Match[str]) -> int:
    return _number(found["hour"]) * _HOUR_MINUTES - _QUARTER


def _quarter_of(found: re.Match[str]) -> int:
    """In the south and east "viertel drei" is a quarter past two."""
    return _number(found["hour"]) * _HOUR_MINUTES - 3 * _QUARTER


_RULES: tuple[tuple[re.Pattern[str], _Resolve], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), resolve)
    for pattern, resolve in (
        (rf"\b{_MINUTES} (?:minuten )?vor halb {_HOUR}\b", _before_half),
        (rf"\b{_MINUTES} (?:minuten )?nach halb {_HOUR}\b", _after_half),
        (rf"\b{_MINUTES} (?:minuten )?(?:minutes )?(?:vor|to) {_HOUR}\b(?!{_NO_TIMES})", _before),
        (rf"\b{_MINUTES} (?:minuten |minutes )?(?:nach|past) {_HOUR}\b(?!{_NO_TIMES})", _after),
        (rf"\bdrei ?viertel {_HOUR}\b", _quarter_to),
        (rf"\bviertel {_HOUR}\b", _quarter_of),
        (rf"\bhalb {_HOUR}\b", _half_to),
        (rf"\bhalf past {_HOUR}\b", _half_past),
        (rf"\bhalf {_HOUR}\b(?!{_NO_TIMES})", _half_past),
        (rf"\b{_HOUR}(?:[:. ]{_MINUTE})? ?(?={_HALF_DAY})", _on_the_clock),
        (rf"\b{_HOUR}[:.]{_MINUTE} ?{_CLOCK}", _on_the_clock),
        (
            rf"\b{_HOUR} ?{_CLOCK}(?:,? (?:und )?(?P<minute>[0-5]?\d)(?!\d| ?(?:euro|€)))?",
            _on_the_clock,
        ),
        (rf"(?<![\d:]){_HOUR}:{_MINUTE}(?![\d:])", _on_the_clock),
        (
            rf"\b{_AT} {_ABOUT}{_HOUR}(?: {_MINUTE})?\b(?!{_NO_TIMES})",
            _on_the_clock,
        ),
        (rf"\b{_HOUR}(?:[:. ]{_MINUTE})? (?={_PART_AFTER})", _on_the_clock),
        (r"\b(?:mitternacht|midnight)\b", lambda _: 0),
        (r"\b(?:noon|midday)\b", lambda _: _NOON * _HOUR_MINUTES),
    )
)  # fmt: skip
"""Most telling first."""

_BARE = re.compile(
    rf"^\W*(?P<hour>2[0-4]|1\d|0?\d|{_WORDS})(?:[:. ]?{_MINUTE})?\W*$", re.IGNORECASE
)
_TYPED = re.compile(r"^(?P<hour>2[0-3]|[01]\d)(?P<minute>[0-5]\d)$")


def read_time(written: str, language: Language) -> str | None:
    """The first time of day in the sentence, of 24 hours; numbers are in digits.

    Where neither the form nor a word for the part of the day tells, 1 to 5 are in the afternoon.
    """
    if language is Language.GERMAN:
        written = _GERMAN_AM.sub("an dem", written)
    for pattern, resolve in _RULES:
        if found := pattern.search(written):
            return _of_day(resolve(found), found)
    return None


def read_bare_time(written: str, language: Language) -> str | None:
    """A time that is all that was said, such as "3", "halb drei" or the keys 1430."""
    if found := _TYPED.search(written.strip()):
        return _written(_on_the_clock(found))
    if found := _BARE.search(written):
        return _of_day(_on_the_clock(found), found)
    return read_time(written, language)


def _of_day(minutes: int, found: re.Match[str]) -> str | None:
    """None where there is no such time."""
    said = found.groupdict().get("hour") or "0"
    is_exact = said.startswith("0") or _number(said) == 0
    if minutes > _DAY_HOURS * _HOUR_MINUTES:
        return None
    half = (found.groupdict().get("half") or "").casefold()[:1]
    around = found.string[max(0, found.start() - _NEARBY) : found.end() + _NEARBY]
    part = _PART.search(_GREETING.sub("", around))
    name = part.lastgroup if part else None
    if minutes >= (_NOON + 1) * _HOUR_MINUTES or (is_exact and not half):
        return _written(minutes)
    is_late = half == "p" if half else _is_late(minutes, name)
    return _written(minutes % (_NOON * _HOUR_MINUTES) + is_late * _NOON * _HOUR_MINUTES)


def _is_late(minutes: int, part: str | None) -> bool:
    """Of the twelve hours that a clock shows, whether those after noon are meant."""
    hour = minutes // _HOUR_MINUTES
    match part:
        case "afternoon" | "evening":
            return not (part == "evening" and hour == _NOON)
        case "morning":
            return False
        case "night":
            return _OFFICE_HOURS_END < hour < _NOON
        case _:
            return hour == _NOON or hour < _OFFICE_HOURS_END


def _written(minutes: int) -> str:
    hour, minute = divmod(minutes % (_DAY_HOURS * _HOUR_MINUTES), _HOUR_MINUTES)
    return f"{hour:02}:{minute:02}"
