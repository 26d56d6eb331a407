"""What callers say, and what it must become."""

from datetime import date

import pytest

from ivr.call import Language
from ivr.understand.iban_checksum import is_iban
from ivr.understand.number_words import write_numbers
from ivr.understand.pack import Slot
from ivr.understand.slots import SlotFiller

TUESDAY = date(2026, 3, 10)
WEDNESDAY = date(2026, 5, 13)
FILLER = SlotFiller(write_numbers=write_numbers, is_iban=is_iban)

SPOKEN_GERMAN = (
    "D E acht neun drei sieben null vier null null vier vier null fünf drei zwo null eins "
    "drei null null null"
)
SPOKEN_ENGLISH = (
    "D E eight nine three seven oh four double oh double four oh five three two oh one "
    "three triple zero"
)


def read(slot: Slot, text: str, language: str) -> str | None:
    return FILLER.fill([slot], text, Language(language), today=WEDNESDAY).get(slot)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Ich möchte umbuchen.", "de"),
        ("Ich brauche am 3. Dezember um 15 Uhr Hilfe", "de"),
        ("Mein Flug 815", "de"),
        ("in 3 Tagen", "de"),
        ("die 12 Koffer", "de"),
        ("la 12 mal", "de"),
        ("L H acht eins fünf drei zwei neun", "de"),
        ("I am 65 years old", "en"),
        ("my flight is at 8 15", "en"),
        ("me and two kids", "en"),
        ("ich bin in LH 1 Stunde", "de"),
        ("Lufthansa 1", "de"),
        ("Lufthansa 12 Uhr", "de"),
    ],
)
def test_no_flight_is_made_up(text: str, language: str) -> None:
    assert read(Slot.FLIGHT, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "flight"),
    [
        ("LH 815", "de", "LH815"),
        ("Mein Flug LH815 von München", "de", "LH815"),
        ("LH-815 bitte", "de", "LH815"),
        ("L.H. 815", "de", "LH815"),
        ("lh 0815", "de", "LH815"),
        ("L H acht eins fünf", "de", "LH815"),
        ("el ha achthundertfünfzehn", "de", "LH815"),
        ("elha 815", "de", "LH815"),
        ("el ha acht fünfzehn", "de", "LH815"),
        ("Lufthansa 815", "de", "LH815"),
        ("mit der Lufthansa Flugnummer acht eins fünf am dritten Dezember", "de", "LH815"),
        ("Ludwig Heinrich zwo null doppel vier", "de", "LH2044"),
        ("Flug LH 815 am 24.12.", "de", "LH815"),
        ("Flug ZZ 815", "de", "ZZ815"),
        ("LA 815", "de", "LA815"),
        ("4Y 1234", "de", "4Y1234"),
        ("L H eight one five", "en", "LH815"),
        ("el aitch eight fifteen", "en", "LH815"),
        ("flight number BA two double oh", "en", "BA200"),
        ("Lima Hotel four five six", "en", "LH456"),
        ("United 89 to Frankfurt", "en", "UA89"),
        ("Flug LH 1", "de", "LH1"),
        ("4U 123", "de", "4U123"),
        ("British Airways nine zero two", "en", "BA902"),
    ],
)
def test_flights_are_read_however_they_are_said(text: str, language: str, flight: str) -> None:
    assert flight == read(Slot.FLIGHT, text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Guten Morgen", "de"),
        ("Ich rufe jeden Morgen an", "de"),
        ("am 30. Februar", "de"),
        ("31.2.2026", "de"),
        ("99.99.", "de"),
        ("Flug LH 815", "de"),
        ("49,90 Euro", "de"),
        ("nicht am Freitag", "de"),
        ("I may need help", "en"),
        ("good evening", "en"),
        ("on the 32nd of May", "en"),
        ("just a second", "en"),
        ("Ich bin am 3. Februar 1940 geboren", "de"),
        ("geboren am 3. Februar", "de"),
        ("Freitag vor einer Woche", "de"),
        ("am 18. nächsten Monats", "de"),
        ("I was born on February 3rd 1940", "en"),
    ],
)
def test_no_day_is_made_up(text: str, language: str) -> None:
    assert read(Slot.DATE, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("heute", "de", "2026-05-13"),
        ("morgen früh", "de", "2026-05-14"),
        ("Guten Morgen, ich will morgen fliegen", "de", "2026-05-14"),
        ("heute Morgen", "de", "2026-05-13"),
        ("übermorgen", "de", "2026-05-15"),
        ("in zwei Wochen", "de", "2026-05-27"),
        ("in 3 Tagen", "de", "2026-05-16"),
        ("am Freitag", "de", "2026-05-15"),
        ("am Mittwoch", "de", "2026-05-20"),
        ("diesen Freitag", "de", "2026-05-15"),
        ("kommenden Dienstag", "de", "2026-05-19"),
        ("nächsten Freitag", "de", "2026-05-22"),
        ("nächste Woche Montag", "de", "2026-05-18"),
        ("Montag in einer Woche", "de", "2026-05-25"),
        ("am Dienstag nächster Woche", "de", "2026-05-19"),
        ("übernächsten Montag", "de", "2026-05-25"),
        ("letzten Montag", "de", "2026-05-11"),
        ("am dritten Dezember", "de", "2026-12-03"),
        ("am 3. Dezember 2027", "de", "2027-12-03"),
        ("am ersten Mai", "de", "2027-05-01"),
        ("am vierundzwanzigsten zwölften", "de", "2026-12-24"),
        ("24.12.", "de", "2026-12-24"),
        ("24.12.2026", "de", "2026-12-24"),
        ("am 24.12 bitte", "de", "2026-12-24"),
        ("Montag, den 18. Mai", "de", "2026-05-18"),
        ("am 18.", "de", "2026-05-18"),
        ("zum 1.", "de", "2026-06-01"),
        ("29. Februar", "de", "2028-02-29"),
        ("Heiligabend", "de", "2026-12-24"),
        ("die Rechnung vom 3. März", "de", "2026-03-03"),
        ("am 3. Dezember statt am Freitag", "de", "2026-12-03"),
        ("statt am Freitag lieber am Sonntag", "de", "2026-05-17"),
        ("von Freitag auf Montag umbuchen", "de", "2026-05-18"),
        ("vom 3. Juni bis 5. Juni", "de", "2026-06-03"),
        ("tomorrow", "en", "2026-05-14"),
        ("the day after tomorrow", "en", "2026-05-15"),
        ("next Friday", "en", "2026-05-22"),
        ("this Friday", "en", "2026-05-15"),
        ("Friday evening", "en", "2026-05-15"),
        ("on the third of December", "en", "2026-12-03"),
        ("the second of June", "en", "2026-06-02"),
        ("June first", "en", "2026-06-01"),
        ("December 3rd, 2026", "en", "2026-12-03"),
        ("Monday the 18th of May", "en", "2026-05-18"),
        ("12/24", "en", "2026-12-24"),
        ("2026-12-24", "en", "2026-12-24"),
        ("in a week", "en", "2026-05-20"),
        ("from Friday to Monday", "en", "2026-05-18"),
        ("Sunday instead of Friday", "en", "2026-05-17"),
        ("my bill from March 3rd", "en", "2026-03-03"),
    ],
)
def test_days_are_read_however_they_are_said(text: str, language: str, day: str) -> None:
    assert day == read(Slot.DATE, text, language)


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("am 3. Februar 1940", "de", "1940-02-03"),
        ("am 3. Februar neunzehnhundertvierzig", "de", "1940-02-03"),
        ("am 3.2.1940", "de", "1940-02-03"),
        ("5. Mai 19 30 Uhr", "de", "2026-05-05"),
        ("am 5. Mai nächstes Jahr", "de", "2027-05-05"),
        ("nächstes Jahr am 5. Mai", "de", "2027-05-05"),
        ("am 5. Mai dieses Jahres", "de", "2026-05-05"),
        ("am 5. Mai letzten Jahres", "de", "2025-05-05"),
        ("heute in einer Woche", "de", "2026-03-17"),
        ("morgen in acht Tagen", "de", "2026-03-18"),
        ("vor drei Tagen", "de", "2026-03-07"),
        ("vor einer Woche", "de", "2026-03-03"),
        ("the 5th of May next year", "en", "2027-05-05"),
        ("a week today", "en", "2026-03-17"),
        ("a week on Friday", "en", "2026-03-20"),
        ("tomorrow week", "en", "2026-03-18"),
        ("three days ago", "en", "2026-03-07"),
    ],
)
def test_days_are_counted_from_the_day_of_the_call(text: str, language: str, day: str) -> None:
    found = FILLER.fill([Slot.DATE], text, Language(language), today=TUESDAY)

    assert found == {"date": day}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("um 15 Uhr", "de"),
        ("Flug 49", "de"),
        ("49 90", "de"),
        ("der Europapark", "de"),
        ("ein paar hundert Euro", "de"),
        ("200 bis 300 Euro", "de"),
        ("200 Euro bis 300 Euro", "de"),
        ("zwischen zweihundert und dreihundert Euro", "de"),
        ("zweihundert oder dreihundert Euro", "de"),
        ("20 Euro 3 Koffer", "de"),
        ("eins zwei drei Euro", "de"),
        ("a couple of hundred euros", "en"),
        ("a few hundred pounds", "en"),
        ("two and a half million euros", "en"),
        ("half a million", "en"),
        ("€200-300", "en"),
        ("€2 million", "en"),
    ],
)
def test_no_amount_is_made_up(text: str, language: str) -> None:
    assert read(Slot.AMOUNT, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("neunundvierzig Euro neunzig", "de", "49.90 EUR"),
        ("neunundvierzig neunzig Euro", "de", "49.90 EUR"),
        ("49,90 Euro", "de", "49.90 EUR"),
        ("49,90 € im Monat", "de", "49.90 EUR"),
        ("1.234,50 Euro", "de", "1234.50 EUR"),
        ("tausendzweihundert Euro", "de", "1200.00 EUR"),
        ("1.000 Euro überweisen", "de", "1000.00 EUR"),
        ("fünfzig Cent", "de", "0.50 EUR"),
        ("20 Euro um 15 Uhr", "de", "20.00 EUR"),
        ("zwölf Euro und fünf Cent", "de", "12.05 EUR"),
        ("hundert Schweizer Franken oder 90 Euro", "de", "90.00 EUR"),
        ("forty nine euros and ninety cents", "en", "49.90 EUR"),
        ("€49.90", "en", "49.90 EUR"),
        ("1,234.50 pounds", "en", "1234.50 GBP"),
        ("a hundred dollars", "en", "100.00 USD"),
        ("twenty quid", "en", "20.00 GBP"),
        ("anderthalb tausend Euro", "de", "1500.00 EUR"),
        ("2,5 Millionen Euro", "de", "2500000.00 EUR"),
        ("eine halbe Million Euro", "de", "500000.00 EUR"),
        ("eine Million Euro", "de", "1000000.00 EUR"),
        ("zwölf Euro fünf", "de", "12.05 EUR"),
        ("ein Euro", "de", "1.00 EUR"),
        ("ein Euro fünfzig", "de", "1.50 EUR"),
        ("5000 US Dollar", "de", "5000.00 USD"),
        ("200 Euro bis 3. Mai", "de", "200.00 EUR"),
        ("one and a half thousand euros", "en", "1500.00 EUR"),
        ("half a million pounds", "en", "500000.00 GBP"),
    ],
)
def test_amounts_are_read_however_they_are_said(text: str, language: str, amount: str) -> None:
    assert amount == read(Slot.AMOUNT, text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("DE89 3704 0044 0532 0130 01", "de"),
        ("Meine IBAN ist DE89 3704", "de"),
        ("eins zwei drei", "de"),
    ],
)
def test_an_iban_with_a_wrong_checksum_is_none(text: str, language: str) -> None:
    assert read(Slot.IBAN, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "iban"),
    [
        ("DE89 3704 0044 0532 0130 00", "de", "DE89370400440532013000"),
        ("Die IBAN ist de89370400440532013000, danke", "de", "DE89370400440532013000"),
        (SPOKEN_GERMAN, "de", "DE89370400440532013000"),
        ("DE89 3704 dann 0044 0532 0130 00", "de", "DE89370400440532013000"),
        ("8937 0400 4405 3201 3000", "de", "DE89370400440532013000"),
        (SPOKEN_ENGLISH, "en", "DE89370400440532013000"),
        ("GB29 NWBK 6016 1331 9268 19", "en", "GB29NWBK60161331926819"),
        ("AT61 1904 3002 3457 3201", "de", "AT611904300234573201"),
    ],
)
def test_ibans_are_read_however_they_are_said(text: str, language: str, iban: str) -> None:
    assert iban == read(Slot.IBAN, text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Meine Karte ist weg", "de"),
        ("die letzten vier Ziffern", "de"),
        ("im Jahr 2024", "de"),
        ("Karte mit Endziffern 123", "de"),
        ("meine Karte seit 2019", "de"),
        ("Karte läuft 2026 ab", "de"),
        ("die Karte läuft im März 2026 ab", "de"),
        ("Karte kaputt, 1200 Euro abgebucht", "de"),
        ("Karte um 15:30 verloren", "de"),
        ("my card expires in 2026", "en"),
        ("my card expires in twenty twenty six", "en"),
        ("card charged 1200 pounds", "en"),
    ],
)
def test_no_card_is_made_up(text: str, language: str) -> None:
    assert read(Slot.CARD_LAST4, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "last4"),
    [
        ("Die Karte mit der Endung 4417", "de", "4417"),
        ("die letzten vier Ziffern sind eins zwei drei vier", "de", "1234"),
        ("endet auf zwölf vierunddreißig", "de", "1234"),
        ("vier vier eins sieben", "de", "4417"),
        ("the one ending in one two three four", "en", "1234"),
        ("my card is 4111 1111 1111 1111", "en", "1111"),
        ("last four digits double four one seven", "en", "4417"),
        ("mit 0923 am Ende", "de", "0923"),
        ("mit null neun zwei drei am Ende", "de", "0923"),
        ("Karte 4417, 1200 Euro abgebucht", "de", "4417"),
        ("my card ending in 2019", "en", "2019"),
    ],
)
def test_the_last_digits_of_a_card_are_read(text: str, language: str, last4: str) -> None:
    assert last4 == read(Slot.CARD_LAST4, text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Wo ist meine Bestellung?", "de"),
        ("order 3 of them", "en"),
        ("Ich habe am 24.12.2025 bestellt", "de"),
        ("Meine Nummer ist 0049 89 123456", "de"),
        ("Telefon 089123456", "de"),
        ("Mein Handy ist 171 2345678", "de"),
        ("+49 89 123456", "de"),
        ("meine Nummer ist 089 123456", "de"),
        ("iPhone15 1234", "de"),
        ("my phone number is 555 123456", "en"),
    ],
)
def test_no_order_is_made_up(text: str, language: str) -> None:
    assert read(Slot.ORDER_NUMBER, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "order"),
    [
        ("Bestellnummer 4711 2233", "de", "47112233"),
        ("die Bestellnummer ist R vier sieben eins eins", "de", "R4711"),
        ("Bestellung AB-12345 fehlt", "de", "AB12345"),
        ("es geht um R47112233", "de", "R47112233"),
        ("Auftragsnummer 123456 vom 3. Mai", "de", "123456"),
        ("order number A B one two three four five", "en", "AB12345"),
        ("it's 100 200 300", "en", "100200300"),
        ("Auftrag A wie Anton 12345", "de", "A12345"),
        ("Bestellnummer 0123456", "de", "0123456"),
        ("am 24.12.2025 die 47112233 bestellt", "de", "47112233"),
    ],
)
def test_order_numbers_are_read(text: str, language: str, order: str) -> None:
    assert order == read(Slot.ORDER_NUMBER, text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Mit der Frau am Telefon", "de"),
        ("meine Frau hat angerufen", "de"),
        ("mit einem Mitarbeiter sprechen", "de"),
        ("I want to talk to a person", "en"),
        ("the doctor told me", "en"),
        ("Mit der Frau von der Hotline", "de"),
    ],
)
def test_no_person_is_made_up(text: str, language: str) -> None:
    assert read(Slot.PERSON, text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "person"),
    [
        ("Verbinden Sie mich mit Frau Meier", "de", "Frau Meier"),
        ("mit herrn schmidt bitte", "de", "Herr Schmidt"),
        ("Herr Dr. Müller-Lüdenscheidt", "de", "Herr Müller-Lüdenscheidt"),
        ("Kann ich mit Klaus Weber sprechen?", "de", "Klaus Weber"),
        ("Mr. Smith please", "en", "Mr Smith"),
        ("Can I speak to Anna Jones?", "en", "Anna Jones"),
        ("Herr von der Heide bitte", "de", "Herr von der Heide"),
        ("Frau Dr. Weber und Doktor Schulz", "de", "Frau Weber"),
        ("Doktor Schulz", "de", "Dr. Schulz"),
        ("Dr Patel please", "en", "Dr Patel"),
        ("Dr. Patel please", "en", "Dr Patel"),
        ("Mr O'Brien", "en", "Mr O'Brien"),
        ("Mr Smith's invoice", "en", "Mr Smith"),
    ],
)
def test_persons_are_read(text: str, language: str, person: str) -> None:
    assert person == read(Slot.PERSON, text, language)


def test_only_the_slots_asked_for_are_filled() -> None:
    text = "Flug LH 815 am 3. Dezember für 49 Euro"
    found = FILLER.fill([Slot.FLIGHT, Slot.DATE], text, Language.GERMAN, today=WEDNESDAY)

    assert found == {"flight": "LH815", "date": "2026-12-03"}


def test_a_spoken_pin_is_its_digits() -> None:
    assert FILLER.digits("null vier zwo sieben", Language.GERMAN) == "0427"
    assert FILLER.digits("double five oh seven", Language.ENGLISH) == "5507"


def test_a_long_turn_full_of_numbers_is_no_iban() -> None:
    text = "eins zwei drei Euro Flug LH am dritten und dann " * 40

    assert read(Slot.IBAN, text, "de") is None
