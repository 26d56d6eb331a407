"""A part of something known is replaced, such as the last digit or the house number."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from ivr.understand.correction import Repair
from ivr.understand.pack import Slot
from ivr.understand.slot_address import with_house_number, with_postcode
from ivr.understand.slot_answer import row_of_digits

_CODES = frozenset({Slot.CARD_LAST4, Slot.ORDER_NUMBER, Slot.IBAN, Slot.FLIGHT})
_FEWEST_DIGITS = 2
"""One digit alone may stand in many places."""

_LAST_DIGIT = re.compile(
    r"\b(?:letzte|hinterste|last)\w* (?:ziffer|zahl|stelle|digit|number)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_FIRST_DIGIT = re.compile(
    r"\b(?:erste|vorderste|first)\w* (?:ziffer|zahl|stelle|digit|number)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_HOUSE_NUMBER = re.compile(
    r"\b(?:hausnummer|house number)\b(?:[\s,:]*(?:ist|is|lautet|wäre|die))*[\s,:]*"
    r"(?P<number>\d{1,3} ?[a-h]?)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:postleitzahl|plz|postcode|post code)\b(?:[\s,:]*(?:ist|is|lautet|wäre|die))*[\s,:]*"
    r"(?P<number>\d(?: ?\d){4})\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS = (
    "januar|january", "februar|february", "märz|march", "april", "mai|may", "juni|june",
    "juli|july", "august", "september", "oktober|october", "november", "dezember|december",
)  # fmt: skip


def changed_part(slot: Slot, known: str, written: str, sides: Sequence[Repair]) -> str | None:
    """The known value with the part replaced that was corrected; numbers are in digits."""
    if slot is Slot.ADDRESS:
        return _address(known, written, sides)
    if slot is Slot.DATE:
        return _other_month(known, [side.meant for side in sides])
    return _code(known, written, sides) if slot in _CODES else None


def _address(known: str, written: str, sides: Sequence[Repair]) -> str | None:
    for meant in [*(side.meant for side in sides), written]:
        if found := _POSTCODE.search(meant):
            return with_postcode(known, found["number"].replace(" ", ""))
        if found := _HOUSE_NUMBER.search(meant):
            return with_house_number(known, found["number"].replace(" ", ""))
    for side in sides:
        new, old = _only_number(side.meant), row_of_digits(side.withdrawn)
        if new and old and re.search(rf"\b{old}\b", known):
            return re.sub(rf"\b{old}\b", new, known, count=1)
    return None


def _only_number(written: str) -> str | None:
    """Whatever a recogniser made of the word before it."""
    numbers = re.findall(r"\d+", written)
    return numbers[0] if len(numbers) == 1 else row_of_digits(written)


def _code(known: str, written: str, sides: Sequence[Repair]) -> str | None:
    for pattern, place in ((_LAST_DIGIT, -1), (_FIRST_DIGIT, 0)):
        digit = _digit_said(pattern, written, sides)
        if digit and known[place].isdecimal():
            return known[:-1] + digit if place else digit + known[1:]
    for side in sides:
        new, old = row_of_digits(side.meant), row_of_digits(side.withdrawn)
        is_part = new and old and len(new) == len(old) >= _FEWEST_DIGITS and len(old) < len(known)
        if new and old and is_part and known.count(old) == 1:
            return known.replace(old, new)
    return None


def _digit_said(pattern: re.Pattern[str], written: str, sides: Sequence[Repair]) -> str | None:
    for said in [*(side.meant for side in sides), written]:
        if found := pattern.search(said):
            rest = re.sub(r"\b(?:eine?|an|a)\b(?= \S)", "", found["rest"], flags=re.IGNORECASE)
            digit = row_of_digits(rest)
            return digit if digit and len(digit) == 1 else None
    return None


def _other_month(known: str, said: list[str]) -> str | None:
    """The same day of the month that was named alone."""
    if not _DAY.fullmatch(known):
        return None
    day = date.fromisoformat(known)
    for meant in said:
        named = [
            month
            for month, names in enumerate(_MONTHS, start=1)
            if re.fullmatch(rf"\W*(?:im |in )?(?:{names})\W*", meant, re.IGNORECASE)
        ]
        if named and day.day <= monthrange(day.year, named[0])[1]:
            year = day.year
            return day.replace(year=year, month=named[0]).isoformat()
    return None
