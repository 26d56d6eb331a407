from functools import partial

import pytest

from ivr.call import Language
from ivr.understand.digits import read_digits
from ivr.understand.grammars import DIGITS
from ivr.understand.number_words import write_numbers


def digits(text: str, language: Language) -> str:
    return read_digits(text, write_numbers=partial(write_numbers, language=language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", Language.GERMAN),
        ("Mitarbeiter bitte", Language.GERMAN),
        ("vierhunderteinundsiebzig", Language.GERMAN),
        ("zwanzig vier", Language.GERMAN),
        ("one hundred four", Language.ENGLISH),
        ("fünf zwanzig vier", Language.GERMAN),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(text: str, language: Language) -> None:
    assert digits(text, language) == ""


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("vier sieben eins neun zwei", Language.GERMAN, "47192"),
        ("Vier, sieben, eins, neun, zwei.", Language.GERMAN, "47192"),
        ("ja also 4 7 1 9 2", Language.GERMAN, "47192"),
        ("4-7-1-9-2", Language.GERMAN, "47192"),
        ("47.192", Language.GERMAN, "47192"),
        ("zwo fünf null eins", Language.GERMAN, "2501"),
        ("vierundzwanzig sieben eins", Language.GERMAN, "2471"),
        ("zwanzig null", Language.GERMAN, "200"),
        ("four oh seven", Language.ENGLISH, "407"),
        ("four-seven-one", Language.ENGLISH, "471"),
        ("forty-seven nineteen two", Language.ENGLISH, "47192"),
    ],
)
def test_digits_are_read_however_they_were_written(
    text: str, language: Language, read: str
) -> None:
    assert digits(text, language) == read


@pytest.mark.parametrize("language", Language)
def test_every_word_that_is_listened_for_is_a_digit(language: Language) -> None:
    seven = {Language.GERMAN: "sieben", Language.ENGLISH: "seven"}[language]

    read = {digits(f"{seven} {word}", language) for word in DIGITS[language]}

    assert read == {f"7{digit}" for digit in range(10)}
