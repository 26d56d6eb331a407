"""Numbers in a sentence that are no code: days, sums, times, telephone numbers."""

import re

from ivr.understand.slot_amount import CURRENCY, NUMBER
from ivr.understand.slot_date import MONTH

_GAP = " und "
"""A word, so that the digits on either side of what was taken out do not run together."""

_YEAR = r"(?:19|20) ?\d\d"
_DATES = re.compile(
    rf"(?<![\d.])(?:[0-2]?\d|3[01])\. ?(?:0?\d|1[0-2])\.(?: ?(?:{_YEAR}|\d\d))?(?!\d)"
    rf"|\b{_YEAR}-\d\d-\d\d\b|\b\d\d?/\d\d?/(?:{_YEAR}|\d\d)\b"
    rf"|\b\d\d?(?:\.|st|nd|rd|th)? ?(?:of )?(?:{MONTH})\b(?:,? {_YEAR}(?! ?\d))?"
    rf"|\b(?:{MONTH})\b (?:\d\d?(?:st|nd|rd|th),? )?{_YEAR}(?! ?\d)"
    r"|\b\d\d?:\d\d\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"[€$£] ?(?:{NUMBER})|(?<![\w.,])(?:{NUMBER}) ?(?:{CURRENCY})(?!\w)", re.IGNORECASE
)
_YEARS = re.compile(
    r"(?<!ending )(?<!ends )(?<!endet )(?<!endend )"
    r"\b(?:seit|in|im|bis|läuft|lief|ab|abgelaufen|gültig|jahre?s?|years?|expir(?:es?|ed|ing)|"
    rf"since|until|till|valid|from)(?: [^\W\d_]+){{0,2}}? (?:\d\d?[/.] ?)?{_YEAR}(?! ?\d)",
    re.IGNORECASE,
)
_GLUED = re.compile(r"\b[^\W\d_]{2,}\d{1,3}\b")
_PHONES = re.compile(
    r"(?:\+ ?|\bplus |(?<!\d)(?<!\d )0|"
    r"\b(?:telefon|tel|phone|handy|mobil|mobile|rückruf)\w*\W+(?:[^\W\d_]+\W+){0,3}?)"
    r"\d[\d /()-]*",
    re.IGNORECASE,
)


def without_dates(written: str) -> str:
    """The sentence with a gap for every date and time of day in digits."""
    return _DATES.sub(_GAP, written)


def without_money_and_years(written: str) -> str:
    """The sentence with a gap for every sum with its currency and every year a card runs to."""
    return _YEARS.sub(_GAP, _MONEY.sub(_GAP, written))


def without_phones(written: str) -> str:
    """The sentence with a gap for telephone numbers: a leading zero or plus, or said to be one."""
    return _PHONES.sub(_GAP, written)


def without_names(written: str) -> str:
    """The sentence with a gap for every word that ends in a few digits, such as iPhone15."""
    return _GLUED.sub(_GAP, written)
