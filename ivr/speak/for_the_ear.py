"""Facts as a reader sees them and as a voice must say them: two renderings of one value."""

import re

from ivr.call import Language
from ivr.speak.moments import clock, day, moment
from ivr.speak.money import money
from ivr.speak.rendering import Rendering, cardinal, in_groups, spelt, tidy

_PRIORITIES = {
    Language.GERMAN: ("mit höchstem Vorrang", "mit Vorrang", "der Reihe nach"),
    Language.ENGLISH: ("with top priority", "with priority", "in turn"),
}

_TOP, _RAISED = 80, 50
"""Priorities from which one hears of it, of 100."""

_CODE_NAMES = re.compile(
    r"account|booking|card|case|code|contract|digits|invoice|meter|number|order|reference|ticket"
    r"|tracking"
)
"""Facts named like these are spelt out sign by sign as soon as they hold a digit."""

_CODE = r"[A-Z0-9 ./-]*[0-9][A-Z0-9 ./-]*"


def rendered(name: str, value: str, language: Language) -> Rendering:
    """The fact called `name`; its form tells what it is, and what no form fits stays as it is."""
    fact = tidy(value)
    return (
        _flight(name, fact, language)
        or _priority(name, fact, language)
        or moment(fact, language)
        or day(fact, language)
        or clock(fact, language)
        or money(fact, language)
        or _phone(fact, language)
        or _iban(fact, language)
        or _code(name, fact, language)
        or _digits(fact, language)
        or _number(fact, language)
        or Rendering(readable=fact, spoken=_long_numbers_spelt(fact, language))
    )


def counted(value: str, one: str, many: str, language: Language) -> Rendering | None:
    """`one` or `many` things, with `#` standing for the number; None when it is no number."""
    tidied = tidy(value)
    if not re.fullmatch(r"[0-9]{1,6}", tidied):
        return None
    form = one if int(tidied) == 1 else many
    words = cardinal(int(tidied), language)
    return Rendering(readable=form.replace("#", tidied), spoken=form.replace("#", words))


def _flight(name: str, value: str, language: Language) -> Rendering | None:
    """IATA flight designator: two signs of airline, up to four digits (Resolution 762)."""
    parts = re.fullmatch(r"([A-Z]{2}|[A-Z][0-9]|[0-9][A-Z])[ -]?([0-9]{1,4})", value.upper())
    if parts is None or "flight" not in name:
        return None
    airline, number = parts.groups()
    word = "Flug" if language is Language.GERMAN else "flight"
    return Rendering(
        readable=f"{airline} {word} {number}",
        spoken=f"{spelt(airline, language)} {word} {spelt(number, language)}",
    )


def _priority(name: str, value: str, language: Language) -> Rendering | None:
    """0 to 100, higher is sooner."""
    if name != "priority" or not re.fullmatch(r"[0-9]{1,3}", value):
        return None
    top, raised, plain = _PRIORITIES[language]
    words = top if int(value) >= _TOP else raised if int(value) >= _RAISED else plain
    return Rendering(readable=words, spoken=words)


def _iban(value: str, language: Language) -> Rendering | None:
    """Groups of four, as printed (ISO 13616)."""
    compact = value.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", compact):
        return None
    printed = in_groups(compact, 4)
    spoken = spelt(f"{compact[:2]} {compact[2:4]} {in_groups(compact[4:], 4)}", language)
    return Rendering(readable=printed, spoken=spoken)


def _phone(value: str, language: Language) -> Rendering | None:
    """+4989123456: two digits of country, then threes."""
    if not re.fullmatch(r"\+[0-9]{7,15}", value):
        return None
    grouped = f"{value[:3]} {in_groups(value[3:], 3)}"
    return Rendering(readable=grouped, spoken=spelt(grouped, language))


def _code(name: str, value: str, language: Language) -> Rendering | None:
    """A number that names something, such as a booking; letters and digits one by one."""
    if not _CODE_NAMES.search(name) or not re.fullmatch(_CODE, value):
        return None
    return _digits(value, language) or Rendering(readable=value, spoken=spelt(value, language))


def _digits(value: str, language: Language) -> Rendering | None:
    """Digits that count nothing: too many, or led by a zero."""
    if not re.fullmatch(r"0[0-9]+|[0-9]{5,}", value):
        return None
    return Rendering(readable=value, spoken=spelt(in_groups(value, 3), language))


def _number(value: str, language: Language) -> Rendering | None:
    if not re.fullmatch(r"[0-9]{1,4}", value):
        return None
    return Rendering(readable=value, spoken=cardinal(int(value), language))


def _long_numbers_spelt(text: str, language: Language) -> str:
    return re.sub(r"[0-9]{5,}", lambda run: spelt(in_groups(run[0], 3), language), text)
