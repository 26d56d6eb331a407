"""Card and order numbers in a sentence."""

import re

from ivr.understand.slot_gaps import (
    without_dates,
    without_money_and_years,
    without_names,
    without_phones,
)
from ivr.understand.spelling import as_code, code_letter, code_pieces, digit_runs, pieces

_CARD_DIGITS = 4
_CARD_CUE = re.compile(
    r"karte|card|endziffer|endnummer|endung|ende[nt]|endet|ending|ends|letzte|last|"
    r"\bam ende\b|\bat the end\b",
    re.IGNORECASE,
)
_WHOLE_CARD = range(13, 20)

_ORDER_CUE = re.compile(
    r"(?:bestell|auftrags|order|vorgangs|sendungs|tracking|reference|referenz|retouren)[ -]?"
    r"(?:nummer|number|nr\.?|no\.?|code|id)|\b(?:bestellung|auftrag|order|reference)\b",
    re.IGNORECASE,
)
_ORDER_JOIN = frozenset(
    {"nummer", "number", "nr", "no", "ist", "is", "die", "lautet", "the", "mit"}
)
_ORDER_DIGITS = 4
_SHORT_CODE = 4
"""Letters that a recogniser wrote together."""

_MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=(?:\w*\d){4})[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b")
_LONG_NUMBER = 6


def read_card_last4(written: str) -> str | None:
    """The last four digits of the card that is spoken of; numbers are in digits.

    Four digits count when a card or its ending is mentioned or nothing else was said; of a whole
    card number only the ending is kept. Days, years and sums are no endings.
    """
    spoken = pieces(without_names(without_money_and_years(without_dates(written))))
    runs = [digits for _, digits in digit_runs(spoken)]
    if whole := [digits for digits in runs if len(digits) in _WHOLE_CARD and _luhn(digits)]:
        return whole[0][-_CARD_DIGITS:]
    is_all = all(piece.isdecimal() for piece in spoken)
    endings = [digits for digits in runs if len(digits) == _CARD_DIGITS]
    return endings[-1] if endings and (is_all or _CARD_CUE.search(written)) else None


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004


def read_order_number(written: str) -> str | None:
    """The order number, compact and in capitals; numbers are in digits.

    What follows the word for it, else the one word that mixes letters and four digits or more,
    else a number of six digits or more that is no telephone number. Days do not count.
    """
    written = without_dates(written)
    if cue := _ORDER_CUE.search(written):
        code = _code_after(code_pieces(written[cue.end() :]))
        if sum(map(str.isdecimal, code)) >= _ORDER_DIGITS:
            return code
    if mixed := _MIXED.search(written):
        return mixed[0].replace("-", "").upper()
    spoken = pieces(without_names(without_phones(written)))
    long = [digits for _, digits in digit_runs(spoken) if len(digits) >= _LONG_NUMBER]
    only = _code_after(spoken)
    if sum(map(str.isdecimal, only)) >= _ORDER_DIGITS and _is_all_code(spoken):
        return only
    return long[0] if long else None


def _code_after(spoken: list[str]) -> str:
    start = 0
    while start < len(spoken) and spoken[start].casefold() in _ORDER_JOIN:
        start += 1
    code = ""
    for piece in spoken[start:]:
        if not (_is_code(piece)):
            break
        code += as_code(piece)
    return code


def _is_code(piece: str) -> bool:
    is_short = piece.isupper() and len(piece) <= _SHORT_CODE
    return piece.isdecimal() or code_letter(piece) is not None or is_short


def _is_all_code(spoken: list[str]) -> bool:
    return all(map(_is_code, spoken))
