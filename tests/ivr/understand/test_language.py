"""The caller's language comes first, and spelling is only touched where it is certain."""

import pytest

from ivr.call import Language
from ivr.understand.language import choose_language, corrected

DE, EN = Language.GERMAN, Language.ENGLISH


@pytest.mark.parametrize(
    ("profile", "asked", "expected"),
    [(None, None, None), (None, EN, EN), (DE, EN, DE), (DE, None, DE)],
)
def test_the_profile_comes_before_the_call_and_both_before_detection(
    profile: Language | None, asked: Language | None, expected: Language | None
) -> None:
    assert expected is choose_language(profile=profile, asked=asked)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich habe 500 Euro überwiesen.", DE),
        ("Elha ist ein Wort ohne Zahl.", DE),
        ("Am 3. 5. fliege ich nach Rom.", DE),
        ("I paid a 20 euro fee.", EN),
        ("Der Mitarbeiter war nett.", DE),
    ],
)
def test_what_is_in_doubt_stays_as_heard(text: str, language: Language) -> None:
    assert text == corrected(text, language)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Mein Flug Elha 815 fällt aus.", DE, "Mein Flug LH 815 fällt aus."),
        ("Mein Flug L H 815 fällt aus.", DE, "Mein Flug LH 815 fällt aus."),
        ("Mein Flug L.H. 815 fällt aus.", DE, "Mein Flug LH 815 fällt aus."),
        ("My flight L H 815 was cancelled.", EN, "My flight LH 815 was cancelled."),
        ("Wie ist meine I-Ban?", DE, "Wie ist meine IBAN?"),
        ("Bitte einen  mit Arbeiter.", DE, "Bitte einen Mitarbeiter."),
        ("Ein Contoauszug fehlt.", DE, "Ein Kontoauszug fehlt."),
    ],
)
def test_spelled_flight_numbers_and_known_slips_are_put_right(
    text: str, language: Language, expected: str
) -> None:
    assert expected == corrected(text, language)
