"""What belongs to one person does not stay in a sentence; what was wanted does."""

import pytest

from ivr.review.masked import masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Meine Karte mit der Endung 4417 ist weg.", "Meine Karte mit der Endung 0000 ist weg."),
        ("my order number is 48-213-377", "my order number is 00-000-000"),
        ("Sie lautet vier vier eins sieben.", "Sie lautet 0000."),
        ("it is four four one seven, please", "it is 0000, please"),
        ("double five three oh nine", "0000"),
        ("siebenundvierzig elf null acht", "0000"),
        ("Rufen Sie 089 123456 an.", "Rufen Sie 000 000000 an."),
        ("Schreiben Sie an klaus.berger@web.de bitte.", "Schreiben Sie an name@example.org bitte."),
        ("an klaus punkt berger at web punkt de", "an name@example.org"),
        ("it's emily dot carter at mail dot com", "it's name@example.org"),
        ("Auf DE89 3704 0044 0532 0130 00 bitte.", "Auf IBAN bitte."),
        ("to GB29NWBK60161331926819 please", "to IBAN please"),
        ("DE89-3704-0044-0532-0130-01.", "IBAN."),
        ("Ich wohne in der Bergstraße 5 in München.", "Ich wohne in der Gartenweg 0 in München."),
        ("Am Alten Platz 12b", "Am Gartenweg 0"),
        ("I moved to 12 Garden Road last week.", "I moved to Gartenweg 0 last week."),
        (
            "Mein Name ist Klaus Berger und ich will umbuchen.",
            "Mein Name ist Name und ich will umbuchen.",
        ),
        ("Ich heiße Erna.", "Ich heiße Name."),
        ("Hello, this is Emily Carter.", "Hello, this is Name."),
        ("Hier spricht Lindner.", "Hier spricht Name."),
        ("Frau Lindner hat mir das gesagt.", "Frau Name hat mir das gesagt."),
        ("Mr. Carter told me so.", "Mr. Name told me so."),
        ("B E R G E R, so schreibt man das.", "A B C, so schreibt man das."),
    ],
)
def test_what_is_somebodys_own_is_masked(said: str, kept: str) -> None:
    assert masked(said) == kept


def test_names_that_are_known_are_masked_wherever_they_stand() -> None:
    said = "Klaus hier, der berger, es geht um Klaus' Koffer und Bergers Flug."

    found = masked(said, names=["Klaus Berger"])

    assert "laus" not in found
    assert "erger" not in found
    assert "Koffer" in found


@pytest.mark.parametrize(
    "said",
    [
        "Ich möchte meinen Flug umbuchen.",
        "Kann ich zwei Koffer mitnehmen?",
        "Ich bin Kunde bei Ihnen und will etwas fragen.",
        "Das ist mein Ernst.",
        "This is about my flight to London.",
        "Hier ist Nebel, fliegt da was?",
        "Ich bin seit drei Tagen ohne Internet.",
        "I want one of these and two of those.",
        "Nein, an den Schalter im Hotel ging ich nicht.",
        "We met at the desk, the one by the gate.",
    ],
)
def test_a_sentence_without_such_things_stays_as_it_is(said: str) -> None:
    assert masked(said) == said


def test_masking_twice_is_masking_once() -> None:
    said = (
        "Mein Name ist Klaus Berger, Bergstraße 5, Karte 4417, klaus@web.de, DE89 3704 0044 0532."
    )

    assert masked(masked(said)) == masked(said)
