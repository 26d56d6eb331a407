"""The flight number in a sentence, such as LH815."""

import re

from ivr.understand.spelling import LETTERS, digits_from, letter, pieces

_AIRLINES = {
    "LH": "lufthansa", "LX": "swiss", "OS": "austrian", "SN": "brussels", "EW": "eurowings",
    "DE": "condor", "FR": "ryanair", "AF": "", "KL": "klm", "BA": "", "IB": "iberia",
    "VY": "vueling", "TP": "", "AZ": "ita", "SK": "sas", "AY": "finnair", "DY": "norwegian",
    "LO": "lot", "TK": "", "PC": "pegasus", "XQ": "sunexpress", "LG": "luxair", "EI": "",
    "UA": "united", "AA": "", "DL": "", "AC": "", "EK": "emirates", "QR": "", "EY": "etihad",
    "SQ": "", "NH": "", "JL": "", "CX": "", "CA": "", "MU": "", "AI": "", "ET": "",
    "MS": "egyptair", "LA": "latam", "QF": "qantas", "EN": "dolomiti", "BT": "airbaltic",
    "WK": "edelweiss", "RO": "tarom", "JU": "", "OU": "", "VS": "", "4Y": "discover",
    "X3": "tuifly", "U2": "easyjet", "W6": "wizzair", "A3": "aegean",
    "4U": "germanwings",
}  # fmt: skip
"""IATA codes of airlines that our callers fly, and the one word each is called by."""

_BY_NAME = {name: code for code, name in _AIRLINES.items() if name}
_BY_TWO_WORDS = {
    "british airways": "BA", "air france": "AF", "turkish airlines": "TK", "aer lingus": "EI",
    "american airlines": "AA", "delta airlines": "DL", "air canada": "AC", "qatar airways": "QR",
    "singapore airlines": "SQ", "cathay pacific": "CX", "air china": "CA", "air india": "AI",
    "euro wings": "EW", "euro wing": "EW",
    "air serbia": "JU", "croatia airlines": "OU", "virgin atlantic": "VS",
}  # fmt: skip
_WORDS_TOO = frozenset({"de", "en", "la", "ai", "et", "ms", "ca", "ba", "ro", "ac", "mu"})
"""Written small, these are words or half words before they are airlines."""

_JOINED_LETTERS = {
    first + second: one + two
    for first, one in LETTERS.items()
    for second, two in LETTERS.items()
    if one + two in _AIRLINES and len(first) > 1 and len(second) > 1
}
"""A recogniser may write two spelt letters as one word: "elha"."""

_MISHEARD = {"ilha": "LH", "alha": "LH", "elhar": "LH", "eurowing": "EW"}

_CUES = frozenset({"flug", "flight", "flugnummer", "fluges", "flugs"})
_BETWEEN = frozenset({*_CUES, "nummer", "number", "nr", "no", "airlines", "airways"})
_NEARBY = 3
_UNITS = frozenset({
    "uhr", "stunde", "stunden", "tag", "tage", "tagen", "woche", "wochen", "monat", "monate",
    "monaten", "minute", "minuten", "mal", "jahr", "jahre", "jahren", "euro", "koffer",
    "person", "personen", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "minutes", "year", "years", "times", "o", "euros", "pounds", "dollars", "pm", "bags",
    "people",
})  # fmt: skip
"""What is counted in these is no flight number."""

_WITH_DIGIT = re.compile(r"\b([A-Z]\d|\d[A-Z])[ -]?0*(\d{2,4})\b")
_LONGEST_NUMBER = 4
_WHOLE_NUMBER = 3
"""With so many digits in one piece, what follows is something else."""


def read_flight(written: str) -> str | None:
    """The first flight number, without spaces and leading zeros; numbers are in digits.

    A misheard airline stays as it was heard: the caller hears the number again before anything is
    done with it. A number without an airline is none, and so is a single
    digit unless a flight is spoken of.
    """
    for found in _WITH_DIGIT.finditer(written):
        if found[1] in _AIRLINES:
            return found[1] + found[2]
    spoken = pieces(written)
    for start in range(len(spoken)):
        airline, after = _airline_at(spoken, start)
        if airline and (number := _number_at(spoken, after)):
            is_cued = _CUES & {
                piece.casefold() for piece in spoken[max(0, start - _NEARBY) : after + 1]
            }
            if len(number) > 1 or is_cued:
                return airline + number
    return None


def _airline_at(spoken: list[str], start: int) -> tuple[str | None, int]:
    """The code of the airline that is named at `start`, and where its name ends."""
    one = spoken[start]
    small = one.casefold()
    if two := _BY_TWO_WORDS.get(" ".join(spoken[start : start + 2]).casefold()):
        return two, start + 2
    if small in _BY_NAME:
        return _BY_NAME[small], start + 1
    if small in _MISHEARD:
        return _MISHEARD[small], start + 1
    if small in _JOINED_LETTERS:
        return _JOINED_LETTERS[small], start + 1
    if one.upper() in _AIRLINES and (one.isupper() or small not in _WORDS_TOO):
        return one.upper(), start + 1
    if len(one) == 2 and one.isupper() and spoken[max(0, start - 1)].casefold() in _CUES:  # noqa: PLR2004 - an IATA code
        return one, start + 1
    first, second = letter(one), letter(spoken[start + 1]) if start + 1 < len(spoken) else None
    if first and second and first + second in _AIRLINES:
        return first + second, start + 2
    return None, start


def _number_at(spoken: list[str], start: int) -> str | None:
    while start < len(spoken) and spoken[start].casefold() in _BETWEEN:
        start += 1
    digits = digits_from(spoken, start)
    if digits and len(digits[0]) >= _WHOLE_NUMBER:
        digits = digits[:1]
    if spoken[start + len(digits) :][:1] and spoken[start + len(digits)].casefold() in _UNITS:
        return None
    number = "".join(digits).lstrip("0")
    return number if 0 < len(number) <= _LONGEST_NUMBER else None
