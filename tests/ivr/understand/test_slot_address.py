"""Addresses as they are said, with digits that a recogniser put together in its own way."""

import pytest

from ivr.call import Language
from ivr.understand.number_words import write_numbers
from ivr.understand.slot_address import read_address, with_house_number, with_postcode


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Ich bin umgezogen", "de"),
        ("Hauptstraße", "de"),
        ("Am Montag 3. Mai", "de"),
        ("Im Flug 815 nach Hamburg", "de"),
        ("Mein Weg war 5 Kilometer", "de"),
        ("Gartenweg 5, 8033 München", "de"),
        ("Ich hab Platz 23 B und würde lieber weiter vorn sitzen", "de"),
        ("Mein Platz 23", "de"),
        ("Rechnung zur Bestellung 50 50 12 per Mail bitte", "de"),
        ("I have 3 questions about the road", "en"),
        ("the second street", "en"),
    ],
)
def test_no_address_is_made_up(text: str, language: str) -> None:
    assert read_address(write_numbers(text, Language(language))) is None


@pytest.mark.parametrize(
    ("text", "language", "address"),
    [
        ("Gartenweg 5, 80331 München", "de", "Gartenweg 5, 80331 München"),
        ("Gartenweg fünf, acht null drei drei eins München", "de", "Gartenweg 5, 80331 München"),
        ("Gartenweg fünf achtzig drei drei eins München", "de", "Gartenweg 5, 80331 München"),
        ("Gartenweg fünf in achtzig drei einunddreißig München", "de",
         "Gartenweg 5, 80331 München"),
        ("Gartenweg 5 80331 München bitte", "de", "Gartenweg 5, 80331 München"),
        ("Gartenweg Nummer 5, Postleitzahl 80331, München", "de", "Gartenweg 5, 80331 München"),
        ("Ich wohne jetzt in der Hauptstraße 12a in 50667 Köln", "de",
         "Hauptstraße 12a, 50667 Köln"),
        ("Ich ziehe um in die Lange Straße 7, 10115 Berlin", "de", "Lange Straße 7, 10115 Berlin"),
        ("Berliner Straße 14 in Bad Homburg", "de", "Berliner Straße 14, Bad Homburg"),
        ("Karl-Marx-Allee 101, 10243 Berlin", "de", "Karl-Marx-Allee 101, 10243 Berlin"),
        ("Unter den Linden 77, 10117 Berlin", "de", "Unter den Linden 77, 10117 Berlin"),
        ("Am Markt 1, 60311 Frankfurt am Main", "de", "Am Markt 1, 60311 Frankfurt am Main"),
        ("Goethestr. 9, 80336 München", "de", "Goethestraße 9, 80336 München"),
        ("In der Bahnhofstrasse 22 in Leipzig", "de", "Bahnhofstraße 22, Leipzig"),
        ("in die Hauptstraße 1250667 Köln", "de", "Hauptstraße 12, 50667 Köln"),
        ("hauptstraße 3", "de", "Hauptstraße 3"),
        ("Hauptstraße zwölf b", "de", "Hauptstraße 12b"),
        ("Rosenstraße 8 ab Montag", "de", "Rosenstraße 8"),
        ("Die Rosenstraße 8, 9 1 0 5 2 Erlangen und ab Montag", "de",
         "Rosenstraße 8, 91052 Erlangen"),
        ("Please send it to Gartenweg 5, 80331 München", "en", "Gartenweg 5, 80331 München"),
        ("five Garden Road, London", "en", "5 Garden Road, London"),
        ("my new address is 5 Garden Road, London SW1A 1AA", "en",
         "5 Garden Road, London SW1A 1AA"),
        ("I moved to 14 Station Road, Leeds, postcode LS1 4AB", "en",
         "14 Station Road, Leeds LS1 4AB"),
        ("one twenty Baker Street in London", "en", "120 Baker Street, London"),
        ("221 b Baker Street", "en", "221b Baker Street"),
    ],
)  # fmt: skip
def test_addresses_are_read_however_they_are_said(text: str, language: str, address: str) -> None:
    assert read_address(write_numbers(text, Language(language))) == address


def test_one_part_of_an_address_is_replaced() -> None:
    assert with_house_number("Gartenweg 5, 80331 München", "7") == "Gartenweg 7, 80331 München"
    assert with_house_number("5 Garden Road, London", "7b") == "7b Garden Road, London"
    assert with_house_number("Hauptstraße 3", "7") == "Hauptstraße 7"
    assert with_postcode("Gartenweg 5, 80331 München", "80333") == "Gartenweg 5, 80333 München"
    assert with_postcode("Gartenweg 5", "80333") == "Gartenweg 5, 80333"
