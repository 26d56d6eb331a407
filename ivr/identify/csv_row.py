"""One row of a table as one customer, or why it is none."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from biometrics import SubjectId
from ivr.call import Language, PhoneNumber
from ivr.identify.number import read_number

PREFERENCE = "preferences."
NUMBERS = "numbers"
NEEDED = ("customer_id", "name", NUMBERS)
"""Columns without which nobody can be identified."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TIER = re.compile(r"[A-Za-z0-9._-]{1,32}")
_PREFERENCE = re.compile(r"preferences\.[a-z][a-z_]{0,31}")
_BETWEEN = re.compile(r"[;,|\n]+")
_OLDEST = date(1900, 1, 1)
_LONGEST = 200
"""Characters of a text."""

_DATES = ("%Y-%m-%d", "%d.%m.%Y")
_YES = frozenset({"1", "true", "yes", "ja", "x", "wahr"})
_NO = frozenset({"", "0", "false", "no", "nein", "falsch"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that is no customer. What stands in it is never repeated."""

    line: int
    code: str
    why: str
    """A sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row that can be used."""

    line: int
    customer_id: str
    numbers: tuple[PhoneNumber, ...] = field(repr=False)
    said: Mapping[str, Any] = field(repr=False)
    """Fields of the caller that the table has a column for, but the customer's id."""


class _Unfit(Exception):  # noqa: N818 - an error is named after what happened
    """A cell that cannot be used."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code)
        self.code = code
        self.why = why


Cells = Mapping[str, tuple[str, ...]]
"""What stands in the columns of each field; more than one for numbers only."""


def is_field(name: str) -> bool:
    """Whether the directory has a place for it."""
    return name in ("customer_id", NUMBERS, *_READERS) or bool(_PREFERENCE.fullmatch(name))


def read_row(line: int, cells: Cells, *, region: str, today: date) -> Line | Refused:
    """`region` is the country whose numbers may come without a country code."""
    try:
        customer = _id("customer_id", cells["customer_id"][0])
        numbers = tuple(dict.fromkeys(_numbers(cells[NUMBERS], region)))
        said = {
            name: read(name, cells[name][0]) for name, read in _READERS.items() if name in cells
        }
        preferences = _preferences(cells)
        _check_birth_date(said.get("birth_date"), today)
    except _Unfit as err:
        return Refused(line=line, code=err.code, why=err.why)
    if preferences:
        said["preferences"] = preferences
    return Line(line=line, customer_id=customer, numbers=numbers, said=said)


def _numbers(cells: tuple[str, ...], region: str) -> Iterator[PhoneNumber]:
    written = [one.strip() for cell in cells for one in _BETWEEN.split(cell) if one.strip()]
    if not written:
        raise _Unfit("no_number", "it has no number to be known by.")
    for place, text in enumerate(written, start=1):
        number = read_number(text, region=region)
        if not isinstance(number, PhoneNumber):
            raise _Unfit("bad_number", f"number {place} of it is no telephone number.")
        if _has_lost_its_sign(text, number):
            why = f"number {place} of it may lack a + or a 0 at its beginning."
            raise _Unfit("ambiguous_number", why)
        yield number


def _has_lost_its_sign(text: str, number: PhoneNumber) -> bool:
    """Spreadsheets make figures of numbers: 4917... was +4917... once, or else 04917..."""
    digits = "".join(char for char in text if char.isdigit())
    country = number.e164[1:].removesuffix(digits)
    return text[0] not in "+0(" and bool(country) and digits.startswith(country)


def _preferences(cells: Cells) -> dict[str, str]:
    """With empty texts for those that the customer does not have (any more)."""
    named = {name: texts[0] for name, texts in cells.items() if name.startswith(PREFERENCE)}
    for name, text in named.items():
        if text:
            _text(name, text)
    return {name.removeprefix(PREFERENCE): text for name, text in named.items()}


def _id(name: str, text: str) -> str:
    if not _ID.fullmatch(text):
        raise _Unfit("bad_id", f"{name} must be 1 to 64 letters, digits, dots, hyphens.")
    return text


def _subject(name: str, text: str) -> SubjectId:
    return SubjectId(_id(name, text))


def _text(name: str, text: str) -> str:
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise _Unfit("bad_text", f"{name} must be one line of 1 to {_LONGEST} characters.")
    return text


def _language(name: str, text: str) -> Language | None:
    try:
        return Language(text.lower()) if text else None
    except ValueError as err:
        raise _Unfit("bad_language", f"{name} must be de, en or empty.") from err


def _date(name: str, text: str) -> date | None:
    for shape in _DATES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if text:
        raise _Unfit("bad_date", f"{name} must be a day such as 1953-02-03 or 03.02.1953.")
    return None


def _check_birth_date(born: date | None, today: date) -> None:
    if born is not None and not _OLDEST <= born <= today:
        raise _Unfit("bad_date", "birth_date is no day on which a customer was born.")


def _tier(name: str, text: str) -> str:
    if text and not _TIER.fullmatch(text):
        raise _Unfit("bad_id", f"{name} must be up to 32 letters, digits, dots, hyphens.")
    return text or "standard"


def _truth(name: str, text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise _Unfit("bad_truth", f"{name} must be yes or no, ja or nein, 1 or 0.")
    return text.lower() in _YES


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "subject": _subject,
    "name": _text,
    "language": _language,
    "birth_date": _date,
    "tier": _tier,
    "is_vulnerable": _truth,
}
