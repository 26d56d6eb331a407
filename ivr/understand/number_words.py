"""Number words become digits (text2num)."""

import re

from text_to_num import alpha2digit

from ivr.call import Language

_GERMAN_DIGITS = "null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
_ENGLISH_DIGITS = "zero|oh|o|one|two|three|four|five|six|seven|eight|nine"
_AFTER_A_DIGIT = r"(?<=\d )|" + "|".join(
    rf"(?<=\b{digit} )" for digit in _ENGLISH_DIGITS.split("|")
)

_GERMAN = (
    (re.compile(r"\bzwo(?=\b|und|hundert|tausend)", re.IGNORECASE), "zwei"),
    (re.compile(r"\bfuffzig\b", re.IGNORECASE), "fünfzig"),
    (re.compile(r"\bfuffzehn\b", re.IGNORECASE), "fünfzehn"),
    (re.compile(r"\bfünfe\b", re.IGNORECASE), "fünf"),
    (
        re.compile(rf"\b(?:doppelt?e?|zwei ?mal die) ?-?({_GERMAN_DIGITS}|\d)\b", re.IGNORECASE),
        r"\1 \1",
    ),
    (re.compile(r"\bdoppelt?e? ?-?(\d)(\d+)\b", re.IGNORECASE), r"\1\1\2"),
    (re.compile(rf"\bdrei ?mal die ({_GERMAN_DIGITS}|\d)\b", re.IGNORECASE), r"\1 \1 \1"),
    (re.compile(rf"\bvier ?mal die ({_GERMAN_DIGITS}|\d)\b", re.IGNORECASE), r"\1 \1 \1 \1"),
)
_ENGLISH = (
    (re.compile(r"\bdouble[ -](?:oh|o)\b", re.IGNORECASE), "zero zero"),
    (re.compile(r"\btriple[ -](?:oh|o)\b", re.IGNORECASE), "zero zero zero"),
    (re.compile(rf"\bdouble[ -]({_ENGLISH_DIGITS}|\d)\b", re.IGNORECASE), r"\1 \1"),
    (re.compile(rf"\btriple[ -]({_ENGLISH_DIGITS}|\d)\b", re.IGNORECASE), r"\1 \1 \1"),
    (re.compile(r"\bdouble[ -](\d)(\d+)\b", re.IGNORECASE), r"\1\1\2"),
    (re.compile(r"\btriple[ -](\d)(\d+)\b", re.IGNORECASE), r"\1\1\1\2"),
    (re.compile(r"\bn[ao]ught\b", re.IGNORECASE), "zero"),
    (
        re.compile(
            rf"(?:{_AFTER_A_DIGIT})(?:oh|o)\b(?!['\u2019])"
            rf"|\b(?:oh|o)(?= (?:{_ENGLISH_DIGITS}|\d)\b)",
            re.IGNORECASE,
        ),
        "zero",
    ),
)


def write_numbers(text: str, language: Language) -> str:
    """The text with numbers in digits: "el ha acht eins fünf" is "el ha 8 1 5".

    Digits that were said one by one stay apart; whoever knows what they are puts them together.
    """
    for pattern, digits in _GERMAN if language is Language.GERMAN else _ENGLISH:
        text = pattern.sub(digits, text)
    written: str = alpha2digit(text, language.value)
    return written
