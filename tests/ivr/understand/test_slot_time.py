"""Times of day as they are said."""

import pytest

from ivr.call import Language
from ivr.understand.number_words import write_numbers
from ivr.understand.slot_time import read_bare_time, read_time


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("um 3 Euro", "de"),
        ("um drei Tage verschieben", "de"),
        ("am 3. Dezember", "de"),
        ("Flug LH 815", "de"),
        ("vor drei Wochen", "de"),
        ("um 25 Uhr", "de"),
        ("Es geht um ein anderes Thema", "de"),
        ("LH acht eins fünf am zwölften März", "de"),
        ("two to three working days", "en"),
        ("from eight to six", "en"),
        ("about 5 people", "en"),
        ("at 20 Garden Road", "en"),
    ],
)
def test_no_time_is_made_up(text: str, language: str) -> None:
    assert read_time(write_numbers(text, Language(language)), Language(language)) is None


@pytest.mark.parametrize(
    ("text", "language", "time"),
    [
        ("um halb drei", "de", "14:30"),
        ("halb eins", "de", "12:30"),
        ("viertel nach neun", "de", "09:15"),
        ("um viertel vor acht", "de", "07:45"),
        ("dreiviertel fünf", "de", "16:45"),
        ("viertel drei", "de", "14:15"),
        ("zehn nach drei", "de", "15:10"),
        ("fünf vor halb drei", "de", "14:25"),
        ("fünf nach halb zehn", "de", "09:35"),
        ("sechzehn Uhr dreißig", "de", "16:30"),
        ("um 14.30 Uhr", "de", "14:30"),
        ("um 14:30", "de", "14:30"),
        ("um drei", "de", "15:00"),
        ("um ein Uhr", "de", "13:00"),
        ("um zwölf", "de", "12:00"),
        ("um neun Uhr morgens", "de", "09:00"),
        ("morgen früh um acht", "de", "08:00"),
        ("heute Abend um acht", "de", "20:00"),
        ("Samstagabend um sieben", "de", "19:00"),
        ("nachmittags um vier", "de", "16:00"),
        ("um drei Uhr nachts", "de", "03:00"),
        ("Guten Abend, um zehn Uhr vormittags", "de", "10:00"),
        ("null Uhr dreißig", "de", "00:30"),
        ("Mitternacht", "de", "00:00"),
        ("quarter past nine", "en", "09:15"),
        ("half past two", "en", "14:30"),
        ("half two", "en", "14:30"),
        ("two thirty pm", "en", "14:30"),
        ("ten to five", "en", "16:50"),
        ("at three o'clock", "en", "15:00"),
        ("nine a.m.", "en", "09:00"),
        ("12 a.m.", "en", "00:00"),
        ("12:30 pm", "en", "12:30"),
        ("at 9 in the evening", "en", "21:00"),
        ("at 8 tonight", "en", "20:00"),
        ("at noon", "en", "12:00"),
        ("10.30 in the morning", "en", "10:30"),
    ],
)
def test_times_are_read_however_they_are_said(text: str, language: str, time: str) -> None:
    assert read_time(write_numbers(text, Language(language)), Language(language)) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("99", None),
        ("2575", None),
        ("Montag", None),
        ("drei", "15:00"),
        ("9", "09:00"),
        ("1430", "14:30"),
        ("0900", "09:00"),
        ("14 30", "14:30"),
        ("halb drei", "14:30"),
    ],
)
def test_a_bare_number_is_a_time_to_who_asked_for_one(text: str, time: str | None) -> None:
    assert read_bare_time(write_numbers(text, Language.GERMAN), Language.GERMAN) == time
