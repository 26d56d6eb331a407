"""Days and times of day, readable and spoken."""

import re
from datetime import date, time

from ivr.call import Language
from ivr.speak.rendering import Rendering, cardinal, ordinal

_MONTHS = {
    Language.GERMAN: (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?"
_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"


def moment(value: str, language: Language) -> Rendering | None:
    """2026-12-24T18:30, the zone left out: a caller is told the local time that the fact holds."""
    parts = re.fullmatch(rf"(?P<day>{_DAY})[T ](?P<time>{_TIME}){_ZONE}", value)
    if parts is None:
        return None
    on, at = day(parts["day"], language), clock(parts["time"], language)
    if on is None or at is None:
        return None
    word = "um" if language is Language.GERMAN else "at"
    return Rendering(
        readable=f"{on.readable} {word} {at.readable}", spoken=f"{on.spoken} {word} {at.spoken}"
    )


def day(value: str, language: Language) -> Rendering | None:
    """2026-12-24, without the year. The German words fit behind am, vom, zum, den and bis."""
    if not re.fullmatch(_DAY, value):
        return None
    try:
        on = date.fromisoformat(value)
    except ValueError:
        return None
    month, rank = _MONTHS[language][on.month - 1], ordinal(on.day, language)
    if language is Language.GERMAN:
        return Rendering(readable=f"{on.day}. {month}", spoken=f"{rank}n {month}")
    return Rendering(readable=f"{month} {on.day}{_suffix(on.day)}", spoken=f"{month} {rank}")


def clock(value: str, language: Language) -> Rendering | None:
    """18:30, or 18:30:00, whose seconds nobody wants to hear."""
    parts = re.fullmatch(_TIME, value)
    if parts is None:
        return None
    try:
        at = time(int(parts[1]), int(parts[2]))
    except ValueError:
        return None
    return _german_clock(at) if language is Language.GERMAN else _english_clock(at)


def _german_clock(at: time) -> Rendering:
    hour = "ein" if at.hour == 1 else cardinal(at.hour, Language.GERMAN)
    minute = f" {cardinal(at.minute, Language.GERMAN)}" if at.minute else ""
    return Rendering(readable=f"{at.hour}:{at.minute:02d} Uhr", spoken=f"{hour} Uhr{minute}")


def _english_clock(at: time) -> Rendering:
    hour, half = at.hour % 12 or 12, "am" if at < time(12) else "pm"
    words = [cardinal(hour, Language.ENGLISH)]
    if at.minute:
        words += ["oh"] * (at.minute < 10)  # noqa: PLR2004 - "two oh five"
        words += [cardinal(at.minute, Language.ENGLISH)]
    return Rendering(
        readable=f"{hour}:{at.minute:02d} {half}", spoken=" ".join([*words, *half.upper()])
    )


def _suffix(number: int) -> str:
    if number in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
