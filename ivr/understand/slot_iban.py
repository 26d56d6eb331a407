"""An IBAN in a sentence or in several, and how far it came where it is not whole."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ivr.understand.spelling import as_code, code_letter, code_pieces

GROUP = 4
"""Characters that an IBAN is written and said in."""

_FILLERS = frozenset({
    "dann", "und", "äh", "ähm", "then", "and", "uh", "um", "also", "weiter", "danach", "so",
    "ja", "yes", "okay", "bitte", "please",
})  # fmt: skip
_LENGTHS = range(15, 35)
_LENGTH_OF = {
    "DE": 22, "AT": 20, "CH": 21, "LI": 21, "LU": 20, "NL": 18, "BE": 16, "FR": 27, "IT": 27,
    "ES": 24, "PT": 25, "DK": 18, "SE": 24, "NO": 15, "FI": 18, "PL": 28, "CZ": 24, "SK": 24,
    "HU": 28, "SI": 19, "HR": 21, "RO": 24, "BG": 22, "GR": 27, "IE": 22, "GB": 22, "LT": 20,
    "LV": 21, "EE": 20, "MT": 31, "CY": 28, "TR": 26,
}  # fmt: skip
"""ISO 13616."""

_BEGINS = re.compile(r"[A-Z]{2}[0-9OI]{2}")
"""Country and checksum; the library takes letters for a checksum too."""

_LIKE_DIGITS = str.maketrans("OI", "01")
_ALL_DIGITS = frozenset({"DE", "AT"})
"""Letters in these are digits that were written as what they look like."""

_HOME = "DE"
_HOME_DIGITS = _LENGTH_OF[_HOME] - len(_HOME)
_FEWEST_DIGITS = 4
"""Fewer are not taken for a part of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidIban:
    """All its characters, and both checksums agree."""

    iban: str = field(repr=False)
    """Compact, capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongIban:
    """As many characters as it needs or more, and the checksum does not agree: one was misheard."""

    heard: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfIban:
    """Too few characters: the caller paused, or left some out."""

    heard: str = field(repr=False)
    length: int
    """Characters that the whole has in this country."""

    @property
    def missing(self) -> int:
        return self.length - len(self.heard)

    @property
    def next_group(self) -> int:
        """The group that is to be said next, counted from 1."""
        return len(self.heard) // GROUP + 1


IbanAttempt = ValidIban | WrongIban | PartOfIban


def read_iban(written: str, *, is_iban: Callable[[str], bool]) -> str | None:
    """The first row of letters and digits that `is_iban`, compact; numbers are in digits.

    Twenty digits without a country are tried as a German one.
    """
    spoken = _spoken(written)
    for start in range(len(spoken)):
        joined = _HOME if len("".join(_digits(spoken, start))) >= _HOME_DIGITS else ""
        for piece in spoken[start:]:
            joined += as_code(piece)
            if len(joined) > _LENGTHS[-1]:
                break
            if _BEGINS.match(joined) and len(joined) in _LENGTHS:
                compact = _of_digits(joined)
                if is_iban(compact):
                    return compact
    return None


def read_iban_attempt(
    written: Sequence[str], *, is_iban: Callable[[str], bool]
) -> IbanAttempt | None:
    """How far an IBAN came that was said in one turn or in several, in order; None without one.

    What was said last may be the whole again, or what was missing.
    """
    for first in reversed(range(len(written))):
        if iban := read_iban(" ".join(written[first:]), is_iban=is_iban):
            return ValidIban(iban=iban)
    for first in reversed(range(len(written))):
        heard = _heard(_spoken(" ".join(written[first:])))
        if first == 0 or (heard and len(heard) >= _LENGTH_OF.get(heard[:2], _LENGTHS[-1])):
            return _not_valid(heard)
    return None


def kept_until(heard: str, group: int) -> str:
    """What stays of an IBAN when it is said again from a group on; groups count from 1."""
    return heard[: (group - 1) * GROUP]


def _of_digits(joined: str) -> str:
    country, rest = joined[:2], joined[2:]
    return country + (rest.translate(_LIKE_DIGITS) if country in _ALL_DIGITS else rest)


def _not_valid(heard: str) -> IbanAttempt | None:
    if sum(map(str.isdecimal, heard)) < _FEWEST_DIGITS:
        return None
    length = _LENGTH_OF.get(heard[:2], _LENGTH_OF[_HOME])
    if len(heard) < length:
        return PartOfIban(heard=heard, length=length)
    return WrongIban(heard=heard)


def _spoken(written: str) -> list[str]:
    return [piece for piece in code_pieces(written) if piece.casefold() not in _FILLERS]


def _digits(spoken: list[str], start: int) -> list[str]:
    rest = spoken[start:]
    stop = next((index for index, piece in enumerate(rest) if not piece.isdecimal()), len(rest))
    return rest[:stop]


def _heard(spoken: list[str]) -> str:
    """The longest row of letters and digits that begins with a country, or with digits."""
    rows = [_row(spoken, start) for start in range(len(spoken)) if spoken[start].isdecimal()]
    return max(rows, key=len, default="")


def _row(spoken: list[str], start: int) -> str:
    row = _country(spoken[:start])
    for piece in spoken[start:]:
        is_bank_code = piece.isupper() and piece.isascii() and len(piece) == GROUP
        if not (piece.isdecimal() or is_bank_code or (code_letter(piece) and row[:2] != _HOME)):
            break
        row += as_code(piece)
    return row


def _country(before: list[str]) -> str:
    """Of what was said right before the first digit; ours where none was named."""
    joined = "".join(as_code(piece) for piece in before[-1:])
    if joined not in _LENGTH_OF:
        joined = "".join(code_letter(piece) or "" for piece in before[-2:])
    return joined if joined in _LENGTH_OF else _HOME
