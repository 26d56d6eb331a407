"""Facts, readable and spoken."""

import pytest

from ivr.call import Language
from ivr.speak.for_the_ear import counted, rendered

DE, EN = Language.GERMAN, Language.ENGLISH
IBAN_IN_WORDS = (
    "D E, acht neun, drei sieben null vier, null null vier vier, null fünf drei zwei, "
    "null eins drei null, null null"
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("flight", "the early one"),
        ("flight", "LH 8a"),
        ("date", "2026-02-31"),
        ("time", "25:99"),
        ("amount", "free"),
        ("amount", "1.2.3 EUR"),
        ("iban", "DE89"),
        ("order", "neue Schuhe"),
        ("count", "²"),
        ("count", "٣"),
    ],
)
def test_what_fits_no_form_stays_as_it_is(name: str, value: str) -> None:
    assert rendered(name, value, DE).readable == value
    assert rendered(name, value, DE).spoken == value


@pytest.mark.parametrize(
    ("name", "value", "language", "readable", "spoken"),
    [
        ("flight", "LH815", DE, "LH Flug 815", "L H Flug acht eins fünf"),
        ("flight", "lh 815", DE, "LH Flug 815", "L H Flug acht eins fünf"),
        ("new_flight", "4U12", DE, "4U Flug 12", "vier U Flug eins zwei"),
        ("flight", "LH815", EN, "LH flight 815", "L H flight eight one five"),
        ("date", "2026-12-24", DE, "24. Dezember", "vierundzwanzigsten Dezember"),
        ("date", "2026-12-01", DE, "1. Dezember", "ersten Dezember"),
        ("date", "2026-12-24", EN, "December 24th", "December twenty-fourth"),
        ("date", "2026-03-11", EN, "March 11th", "March eleventh"),
        ("date", "2026-03-03", EN, "March 3rd", "March third"),
        ("time", "14:30", DE, "14:30 Uhr", "vierzehn Uhr dreißig"),
        ("time", "01:05", DE, "1:05 Uhr", "ein Uhr fünf"),
        ("time", "9:00:00", DE, "9:00 Uhr", "neun Uhr"),
        ("time", "14:30", EN, "2:30 pm", "two thirty P M"),
        ("time", "00:05", EN, "12:05 am", "twelve oh five A M"),
        ("time", "12:00", EN, "12:00 pm", "twelve P M"),
        (
            "departure",
            "2026-12-24T18:30:00+01:00",
            DE,
            "24. Dezember um 18:30 Uhr",
            "vierundzwanzigsten Dezember um achtzehn Uhr dreißig",
        ),
        ("amount", "49.90 EUR", DE, "49,90 Euro", "neunundvierzig Euro neunzig"),
        ("amount", "1,01 EUR", DE, "1,01 Euro", "ein Euro eins"),
        ("amount", "1.100,5 €", DE, "1.100,50 Euro", "eintausendeinhundert Euro fünfzig"),
        ("amount", "EUR 12", DE, "12 Euro", "zwölf Euro"),
        ("amount", "-5.00 EUR", DE, "minus 5 Euro", "minus fünf Euro"),
        ("amount", "49.90 EUR", EN, "49.90 euros", "forty-nine euros and ninety cents"),
        ("amount", "1.01 GBP", EN, "1.01 pounds", "one pound and one cent"),
        ("invoice_amount", "$1", EN, "1 dollar", "one dollar"),
        ("card_last4", "4711", DE, "4711", "vier sieben eins eins"),
        ("order_number", "10023345", DE, "10023345", "eins null null, zwei drei drei, vier fünf"),
        ("booking_code", "X7K2PQ", DE, "X7K2PQ", "X sieben K zwei P Q"),
        ("order_number", "R-10234", EN, "R-10234", "R, one zero two three four"),
        ("postcode", "01067", DE, "01067", "null eins null, sechs sieben"),
        ("seats", "3", DE, "3", "drei"),
        ("phone", "+4912345", DE, "+49 123 45", "plus vier neun, eins zwei drei, vier fünf"),
        (
            "account",
            "DE89370400440532013000",
            DE,
            "DE89 3704 0044 0532 0130 00",
            IBAN_IN_WORDS,
        ),
        ("priority", "90", DE, "mit höchstem Vorrang", "mit höchstem Vorrang"),
        ("priority", "50", EN, "with priority", "with priority"),
        ("priority", "0", EN, "in turn", "in turn"),
        ("city", "Köln", DE, "Köln", "Köln"),
        ("note", "Vorgang 12345", DE, "Vorgang 12345", "Vorgang eins zwei drei, vier fünf"),
    ],
)  # fmt: skip
def test_a_fact_is_readable_and_speakable(
    name: str, value: str, language: Language, readable: str, spoken: str
) -> None:
    rendering = rendered(name, value, language)

    assert rendering.readable == readable
    assert rendering.spoken == spoken


def test_a_fact_is_one_short_line_without_brackets() -> None:
    rendering = rendered("name", "<b>Kl\u0000aus\u202e</b>\n{x}" + "a" * 500, DE)

    assert rendering.readable.startswith("b Kl aus /b x aaa")
    assert len(rendering.readable) == 160


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "", "1234567"])
def test_what_is_no_count_is_not_counted(value: str) -> None:
    assert counted(value, "ein Flug", "# Flüge", DE) is None


@pytest.mark.parametrize(
    ("value", "readable", "spoken"),
    [
        ("1", "ein Flug", "ein Flug"),
        ("2", "2 Flüge", "zwei Flüge"),
        ("0", "0 Flüge", "null Flüge"),
        ("21", "21 Flüge", "einundzwanzig Flüge"),
    ],
)
def test_one_flight_and_many_flights(value: str, readable: str, spoken: str) -> None:
    rendering = counted(value, "ein Flug", "# Flüge", DE)

    assert rendering is not None
    assert (rendering.readable, rendering.spoken) == (readable, spoken)
