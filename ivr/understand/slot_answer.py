"""Bare answers to a question of ours, which say little to who did not ask it."""

import re
from datetime import date

from ivr.call import Language
from ivr.understand.slot_amount import read_amount
from ivr.understand.slot_codes import read_card_last4, read_order_number
from ivr.understand.slot_date import read_date
from ivr.understand.slot_gaps import without_dates, without_money_and_years
from ivr.understand.slot_person import is_name, read_person, with_capitals
from ivr.understand.spelling import as_code, code_letter, code_pieces, digit_runs

_SMALL_NUMBERS = {
    "null": "0", "eins": "1", "eine": "1", "zwei": "2", "drei": "3", "vier": "4", "fünf": "5",
    "sechs": "6", "sieben": "7", "acht": "8", "neun": "9", "zehn": "10", "elf": "11",
    "zwölf": "12", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12",
}  # fmt: skip
"""Alone they are left as words where numbers are written."""

_FILLERS = frozenset({
    "ja", "yes", "also", "ok", "okay", "bitte", "please", "äh", "ähm", "hm", "uh", "um", "er",
    "und", "and", "das", "die", "der", "den", "es", "it", "it's", "its", "s", "the", "that",
    "ist", "sind", "wäre", "waren", "is", "are", "was", "nummer", "number", "ziffern", "digits",
    "moment", "gut", "so", "dann", "then", "lautet", "endet", "auf", "mit", "am", "ende",
    "my", "nein", "no", "nee", "für", "vom", "zum", "on", "for", "from", "genau", "sure", "ich",
    "i", "meine", "meinte", "meant", "mean", "sagte", "said", "karte", "card", "ungefähr", "etwa",
    "about", "around", "circa", "of", "von", "bestellnummer", "order", "bestellung", "ending",
    "in", "betrag", "amount",
})  # fmt: skip
_CARD_DIGITS = 4
_WHOLE_CARD = range(13, 20)
_ORDER_DIGITS = range(3, 25)
_LONG_RUN = 4
_TYPED_DAY_DIGITS = (4, 6, 8)
_NAME_WORDS = 3
_REPLIES = frozenset({
    "ja", "nein", "nee", "doch", "danke", "bitte", "hilfe", "hallo", "moment", "weiter",
    "zurück", "nochmal", "stopp", "falsch", "richtig", "genau", "okay", "egal", "niemand",
    "keine", "ahnung", "mensch", "berater", "langsamer", "tippen", "abbrechen", "wiederholen",
    "yes", "no", "nope", "thanks", "please", "help", "hello", "wait", "back", "again", "stop",
    "wrong", "right", "nobody", "repeat", "slower", "goodbye", "tschüss", "noch", "einmal",
    "weiß", "don't", "know", "idea",
})  # fmt: skip
"""What people say instead of a name."""

_BEFORE_NAME = re.compile(
    r"^\W*(?:(?:ja|also|äh|guten tag|hallo|hello|hi|yes|mein name ist|der name ist|ich heiße|"
    r"ich bin|hier ist|hier spricht|mit|my name is|the name is|i am|i'm|this is|it's|with|to|zu|an|"
    r"für)\b[\s,.]*)*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"[\s,.]*\b(?:bitte|please|danke|thanks)?\W*$", re.IGNORECASE)


def row_of_digits(written: str) -> str | None:
    """The digits in a row, where nothing else was said."""
    said = [piece for piece in code_pieces(written) if piece.casefold() not in _FILLERS]
    digits = [_SMALL_NUMBERS.get(piece.casefold(), piece) for piece in said]
    return "".join(digits) if digits and all(map(str.isdecimal, digits)) else None


def read_bare_card(written: str) -> str | None:
    """Four digits in a row, or the ending of a whole card number."""
    if ending := read_card_last4(written):
        return ending
    if row := row_of_digits(written):
        is_whole = len(row) in _WHOLE_CARD
        return row[-_CARD_DIGITS:] if is_whole or len(row) == _CARD_DIGITS else None
    runs = [digits for _, digits in digit_runs(code_pieces(_without_other_numbers(written)))]
    endings = [digits for digits in runs if len(digits) == _CARD_DIGITS]
    return endings[-1] if endings else None


def read_bare_order(written: str) -> str | None:
    """A code that is all that was said, or the one long number."""
    said = [piece for piece in code_pieces(written) if piece.casefold() not in _FILLERS]
    code = "".join(_SMALL_NUMBERS.get(piece.casefold(), as_code(piece)) for piece in said)
    is_code = all(_is_code(piece) for piece in said) and any(map(str.isdecimal, code))
    if is_code and len(code) in _ORDER_DIGITS:
        return code
    if order := read_order_number(written):
        return order
    runs = [digits for _, digits in digit_runs(code_pieces(_without_other_numbers(written)))]
    long = [digits for digits in runs if len(digits) >= _LONG_RUN]
    return long[-1] if long else None


def _is_code(piece: str) -> bool:
    is_number = piece.isdecimal() or piece.casefold() in _SMALL_NUMBERS
    return is_number or code_letter(piece) is not None


def read_bare_amount(written: str) -> str | None:
    """A number alone is euros: "49 90" is 49.90 EUR."""
    if amount := read_amount(written):
        return amount
    said = [word for word in written.strip(" .,!?").split() if word.casefold() not in _FILLERS]
    numbers = [_SMALL_NUMBERS.get(word.casefold(), word.strip(",!?")) for word in said]
    is_number = numbers and all(re.fullmatch(r"\d[\d.,]*", one) for one in numbers)
    return read_amount(f"{' '.join(numbers)} Euro") if is_number else None


def read_bare_date(written: str, today: date) -> date | None:
    """Also a day of the month alone, day and month, and keys such as 2412 or 24122026."""
    if day := read_date(written, today):
        return day
    words = [word.strip(".,") for word in written.split()]
    said = [_SMALL_NUMBERS.get(word.casefold(), word) for word in words]
    numbers = [one for one in said if one.casefold() not in _FILLERS]
    if len(numbers) == 1 and len(numbers[0]) in _TYPED_DAY_DIGITS:
        typed = numbers[0]
        numbers = [part for part in (typed[:2], typed[2:4], typed[4:]) if part]
    if not numbers or not all(re.fullmatch(r"\d{1,4}", one) for one in numbers):
        return None
    if len(numbers) == 1:
        return read_date(f"am {numbers[0]}.", today)
    return read_date(f"am {numbers[0]}.{numbers[1]}.{''.join(numbers[2:3])}", today)


def read_bare_person(text: str, language: Language) -> str | None:
    """A name of one to three words that is all that was said."""
    if person := read_person(text, language):
        return person
    name = _AFTER_NAME.sub("", _BEFORE_NAME.sub("", text))
    words = name.split()
    is_cased = text != text.casefold()
    is_reply = any(word.casefold() in _REPLIES for word in words)
    is_all_name = not is_reply and all(
        is_name(word, is_cased=is_cased) and word.replace("-", "").isalpha() for word in words
    )
    is_short = 0 < len(words) <= _NAME_WORDS
    return " ".join(map(with_capitals, words)) if is_short and is_all_name else None


def _without_other_numbers(written: str) -> str:
    return without_money_and_years(without_dates(written))
