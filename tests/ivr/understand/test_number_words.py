"""What number words become, and what stays as it is."""

import pytest

from ivr.call import Language
from ivr.understand.number_words import write_numbers


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("", "de", ""),
        ("am ersten März", "de", "am ersten März"),
        ("oh, hello", "en", "oh, hello"),
    ],
)
def test_what_is_no_number_stays(text: str, language: str, written: str) -> None:
    assert write_numbers(text, Language(language)) == written


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("zwo sieben neun", "de", "2 7 9"),
        ("doppel fünf drei", "de", "5 5 3"),
        ("doppelt 538", "de", "5538"),
        ("zweimal die fünf acht", "de", "5 5 8"),
        ("drei mal die sieben", "de", "7 7 7"),
        ("vier mal die sieben", "de", "7 7 7 7"),
        ("double five three eight", "en", "5 5 3 8"),
        ("Double 538", "en", "5538"),
        ("triple 53", "en", "5553"),
        ("three o'clock", "en", "3 o'clock"),
        ("four naught one", "en", "4 01"),
    ],
)
def test_digits_are_written(text: str, language: str, written: str) -> None:
    assert write_numbers(text, Language(language)) == written
