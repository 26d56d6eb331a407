"""Callers correct themselves and us; a recogniser leaves out the commas."""

from collections.abc import Mapping
from datetime import date

import pytest

from ivr.call import Expected, Language
from ivr.understand.correction import may_correct
from ivr.understand.iban_checksum import is_iban
from ivr.understand.number_words import write_numbers
from ivr.understand.pack import Slot
from ivr.understand.slots import SlotFiller

WEDNESDAY = date(2026, 5, 13)
FRIDAY, MONDAY, TUESDAY, THURSDAY = "2026-05-15", "2026-05-18", "2026-05-19", "2026-05-14"
FILLER = SlotFiller(write_numbers=write_numbers, is_iban=is_iban)

CARD = {"card_last4": "4417"}
APPOINTMENT = {"date": THURSDAY, "time": "14:30"}
TRANSFER = {"iban": "DE89370400440532013000", "amount": "50.00 EUR", "date": FRIDAY}
MOVE = {"address": "Gartenweg 5, 80331 München", "date": "2026-06-01"}
FLIGHT = {"flight": "LH815", "date": FRIDAY}
ORDER = {"order_number": "47112233"}
MAIL = {"email": "klaus.berger@web.de"}


def corrected(known: Mapping[str, str], text: str, language: str) -> dict[str, str] | None:
    slots = [Slot(name) for name in known]
    return FILLER.corrected(known, slots, text, Language(language), today=WEDNESDAY)


@pytest.mark.parametrize(
    ("known", "text", "language"),
    [
        (CARD, "", "de"),
        (CARD, "nein", "de"),
        (CARD, "ja", "de"),
        (CARD, "Nein, das stimmt nicht.", "de"),
        (CARD, "nein das ist falsch", "de"),
        (CARD, "ja genau, 4417", "de"),
        (CARD, "Ich verstehe Sie nicht, können Sie das wiederholen?", "de"),
        (CARD, "no that's wrong", "en"),
        (CARD, "sorry, could you repeat that", "en"),
        (APPOINTMENT, "ja am Donnerstag um halb drei", "de"),
        (APPOINTMENT, "Guten Morgen", "de"),
        (APPOINTMENT, "yes please", "en"),
        (APPOINTMENT, "I'm not sure", "en"),
        (TRANSFER, "Ich habe noch eine Frage zu meiner Rechnung vom dritten Mai", "de"),
        (FLIGHT, "Was kostet denn das Umbuchen auf Flug LH 453 am Sonntag", "de"),
        (ORDER, "nicht so schnell bitte", "de"),
        (MAIL, "nein, das ist nicht meine Adresse", "de"),
        (MOVE, "nein, die Straße stimmt nicht", "de"),
    ],
)
def test_where_nothing_is_corrected_nothing_changes(
    known: Mapping[str, str], text: str, language: str
) -> None:
    assert corrected(known, text, language) is None


@pytest.mark.parametrize(
    ("known", "text", "language", "changed"),
    [
        (APPOINTMENT, "nein, ich meinte Montag", "de", {"date": MONDAY}),
        (APPOINTMENT, "nein ich meinte montag", "de", {"date": MONDAY}),
        (APPOINTMENT, "doch lieber am Freitag", "de", {"date": FRIDAY}),
        (APPOINTMENT, "Nicht am Donnerstag, sondern am Freitag.", "de", {"date": FRIDAY}),
        (APPOINTMENT, "nicht am donnerstag sondern am freitag", "de", {"date": FRIDAY}),
        (APPOINTMENT, "am Freitag, nicht am Donnerstag", "de", {"date": FRIDAY}),
        (APPOINTMENT, "am freitag nicht am donnerstag", "de", {"date": FRIDAY}),
        (APPOINTMENT, "Freitag", "de", {"date": FRIDAY}),
        (APPOINTMENT, "statt Donnerstag bitte Montag", "de", {"date": MONDAY}),
        (APPOINTMENT, "nein, um vier", "de", {"time": "16:00"}),
        (APPOINTMENT, "ja aber um viertel nach neun", "de", {"time": "09:15"}),
        (APPOINTMENT, "nein Montag um zehn", "de", {"date": MONDAY, "time": "10:00"}),
        (APPOINTMENT, "Nein, am neunzehnten Mai.", "de", {"date": TUESDAY}),
        (APPOINTMENT, "im Juni, nicht im Mai", "de", {"date": "2026-06-14"}),
        (APPOINTMENT, "I said Tuesday, not Thursday", "en", {"date": TUESDAY}),
        (APPOINTMENT, "i said tuesday not thursday", "en", {"date": TUESDAY}),
        (APPOINTMENT, "no, I meant Monday", "en", {"date": MONDAY}),
        (APPOINTMENT, "Not Thursday, Friday.", "en", {"date": FRIDAY}),
        (APPOINTMENT, "not Thursday but Friday", "en", {"date": FRIDAY}),
        (APPOINTMENT, "actually make it Friday at three", "en", {"date": FRIDAY, "time": "15:00"}),
        (APPOINTMENT, "I'd rather come on Monday instead", "en", {"date": MONDAY}),
        (APPOINTMENT, "no, quarter past nine", "en", {"time": "09:15"}),
        (CARD, "nicht 4417, sondern 4471", "de", {"card_last4": "4471"}),
        (CARD, "nicht 4417 sondern 4471.", "de", {"card_last4": "4471"}),
        (CARD, "Nein, vier vier sieben eins.", "de", {"card_last4": "4471"}),
        (CARD, "nein 4471", "de", {"card_last4": "4471"}),
        (CARD, "4471", "de", {"card_last4": "4471"}),
        (CARD, "4471 nicht 4417", "de", {"card_last4": "4471"}),
        (CARD, "nein, vierundvierzig einundsiebzig", "de", {"card_last4": "4471"}),
        (CARD, "Die letzte Ziffer ist eine Acht", "de", {"card_last4": "4418"}),
        (CARD, "nein die letzte Ziffer ist 8 nicht 7", "de", {"card_last4": "4418"}),
        (CARD, "nicht 17 sondern 71", "de", {"card_last4": "4471"}),
        (CARD, "no, double four seven one", "en", {"card_last4": "4471"}),
        (CARD, "sorry, it's 4 4 7 1", "en", {"card_last4": "4471"}),
        (CARD, "the last digit is eight", "en", {"card_last4": "4418"}),
        (CARD, "not 4417 but 4471", "en", {"card_last4": "4471"}),
        (TRANSFER, "nein, sechzig Euro", "de", {"amount": "60.00 EUR"}),
        (TRANSFER, "nicht fünfzig sondern sechzig Euro", "de", {"amount": "60.00 EUR"}),
        (TRANSFER, "der Betrag ist 60, nicht 50", "de", {"amount": "60.00 EUR"}),
        (TRANSFER, "lieber erst am Montag", "de", {"date": MONDAY}),
        (TRANSFER, "Nein, die IBAN ist AT61 1904 3002 3457 3201", "de",
         {"iban": "AT611904300234573201"}),
        (TRANSFER, "no sixty euros on Monday", "en", {"amount": "60.00 EUR", "date": MONDAY}),
        (MOVE, "die Hausnummer ist 7, nicht 5", "de", {"address": "Gartenweg 7, 80331 München"}),
        (MOVE, "die hausnummer ist sieben nicht fünf", "de",
         {"address": "Gartenweg 7, 80331 München"}),
        (MOVE, "Nein, Hausnummer 7 b", "de", {"address": "Gartenweg 7b, 80331 München"}),
        (MOVE, "die Postleitzahl ist acht null drei drei drei", "de",
         {"address": "Gartenweg 5, 80333 München"}),
        (MOVE, "nein, Rosenweg 5, 80331 München", "de", {"address": "Rosenweg 5, 80331 München"}),
        (MOVE, "nicht im Juni sondern im Juli", "de", {"date": "2026-07-01"}),
        (MOVE, "the house number is seven not five", "en",
         {"address": "Gartenweg 7, 80331 München"}),
        (FLIGHT, "nein, LH 851", "de", {"flight": "LH851"}),
        (FLIGHT, "nicht 815 sondern 851", "de", {"flight": "LH851"}),
        (FLIGHT, "nein el ha acht fünf eins am Montag", "de", {"flight": "LH851", "date": MONDAY}),
        (FLIGHT, "I meant flight BA 902", "en", {"flight": "BA902"}),
        (ORDER, "nein 4711 2234", "de", {"order_number": "47112234"}),
        (ORDER, "nicht 2233 sondern 2234", "de", {"order_number": "47112234"}),
        (ORDER, "die letzte Ziffer ist vier", "de", {"order_number": "47112234"}),
        (ORDER, "No, 4711 2234.", "en", {"order_number": "47112234"}),
        (MAIL, "nein, claus punkt berger at web punkt de", "de", {"email": "claus.berger@web.de"}),
        (MAIL, "no klaus dot berger at gmail dot com", "en", {"email": "klaus.berger@gmail.com"}),
    ],
)  # fmt: skip
def test_what_is_corrected_is_replaced_and_nothing_else(
    known: Mapping[str, str], text: str, language: str, changed: Mapping[str, str]
) -> None:
    assert changed == corrected(known, text, language)


@pytest.mark.parametrize(
    ("slots", "text", "language", "found"),
    [
        ("date", "am Montag, äh nein, am Dienstag", "de", {"date": TUESDAY}),
        ("date", "am montag äh nein am dienstag", "de", {"date": TUESDAY}),
        ("date", "am Montag, ich meine Dienstag", "de", {"date": TUESDAY}),
        ("date", "von Freitag auf Montag, nein, auf Dienstag", "de", {"date": TUESDAY}),
        ("date", "am Montag Quatsch am Dienstag Entschuldigung am Freitag", "de", {"date": FRIDAY}),
        ("date", "on Monday, no wait, on Tuesday", "en", {"date": TUESDAY}),
        ("date", "on monday i mean tuesday", "en", {"date": TUESDAY}),
        ("date", "on Monday, sorry, Tuesday", "en", {"date": TUESDAY}),
        ("date", "Ich kann nicht am Montag, Dienstag geht", "de", {"date": TUESDAY}),
        ("date", "Am Montag kann ich nicht, Dienstag wäre besser", "de", {"date": MONDAY}),
        ("time", "um drei, nein, um vier", "de", {"time": "16:00"}),
        ("time", "at three, make that four", "en", {"time": "16:00"}),
        ("amount", "50 Euro, nein, 60 Euro", "de", {"amount": "60.00 EUR"}),
        ("amount", "fifty pounds, sorry, sixty pounds", "en", {"amount": "60.00 GBP"}),
        ("card_last4", "Die Karte 4417, Moment, 4471", "de", {"card_last4": "4471"}),
        ("card_last4", "card ending 4417, no, 4471", "en", {"card_last4": "4471"}),
        ("flight date", "Flug LH 815 am Montag, äh nein, am Dienstag umbuchen", "de",
         {"flight": "LH815", "date": TUESDAY}),
        ("flight date", "Flug LH 815, nein, LH 851 am Montag", "de",
         {"flight": "LH851", "date": MONDAY}),
        ("flight date", "nein, ich möchte Flug LH 815 am Montag", "de",
         {"flight": "LH815", "date": MONDAY}),
        ("order_number date", "Bestellnummer 47112233, falsch, 47112234 vom 3. Mai", "de",
         {"order_number": "47112234", "date": "2026-05-03"}),
        ("order_number", "order no 47112233", "en", {"order_number": "47112233"}),
        ("amount date", "Ich möchte nicht 50 sondern 60 Euro am Freitag überweisen", "de",
         {"amount": "60.00 EUR", "date": FRIDAY}),
        ("address", "Gartenweg 5, nein, Gartenweg 7 in 80331 München", "de",
         {"address": "Gartenweg 7, 80331 München"}),
    ],
)  # fmt: skip
def test_what_is_taken_back_in_one_sentence_is_not_read(
    slots: str, text: str, language: str, found: Mapping[str, str]
) -> None:
    asked = [Slot(name) for name in slots.split()]

    assert found == FILLER.fill(asked, text, Language(language), today=WEDNESDAY)


@pytest.mark.parametrize(
    ("slot", "text", "language"),
    [
        ("card_last4", "Das weiß ich nicht", "de"),
        ("card_last4", "eins zwei drei", "de"),
        ("card_last4", "441", "de"),
        ("date", "Das weiß ich nicht mehr", "de"),
        ("date", "99", "de"),
        ("time", "am Montag", "de"),
        ("amount", "keine Ahnung", "de"),
        ("order_number", "Ich habe sie nicht", "de"),
        ("order_number", "ja", "de"),
        ("person", "Ich weiß nicht wer", "de"),
        ("person", "nein danke", "de"),
        ("person", "no idea", "en"),
        ("email", "habe ich keine", "de"),
        ("address", "in München", "de"),
        ("iban", "DE89 3704 0044 0532 0130 01", "de"),
    ],
)
def test_no_answer_is_made_up(slot: str, text: str, language: str) -> None:
    assert FILLER.answer(Slot(slot), text, Language(language), today=WEDNESDAY) is None


@pytest.mark.parametrize(
    ("slot", "text", "language", "value"),
    [
        ("card_last4", "vier vier eins sieben", "de", "4417"),
        ("card_last4", "4417.", "de", "4417"),
        ("card_last4", "4-4-1-7", "de", "4417"),
        ("card_last4", "44 17", "de", "4417"),
        ("card_last4", "Äh, das ist die 4417.", "de", "4417"),
        ("card_last4", "Das müsste dann 4417 sein", "de", "4417"),
        ("card_last4", "4111111111111111", "de", "1111"),
        ("card_last4", "4417#", "de", "4417"),
        ("date", "Montag", "de", MONDAY),
        ("date", "am vierundzwanzigsten", "de", "2026-05-24"),
        ("date", "24", "de", "2026-05-24"),
        ("date", "dritter sechster", "de", "2026-06-03"),
        ("date", "2412", "de", "2026-12-24"),
        ("date", "24122026", "de", "2026-12-24"),
        ("date", "the third of June", "en", "2026-06-03"),
        ("time", "um drei", "de", "15:00"),
        ("time", "drei", "de", "15:00"),
        ("time", "halb drei", "de", "14:30"),
        ("time", "1430", "de", "14:30"),
        ("time", "two thirty", "en", "14:30"),
        ("amount", "fünfzig", "de", "50.00 EUR"),
        ("amount", "49 90", "de", "49.90 EUR"),
        ("amount", "49,90", "de", "49.90 EUR"),
        ("amount", "fifty", "en", "50.00 EUR"),
        ("order_number", "4711 2233", "de", "47112233"),
        ("order_number", "R vier sieben eins eins", "de", "R4711"),
        ("order_number", "Das ist die 47112233", "de", "47112233"),
        ("order_number", "Anton Berta eins zwei drei vier", "de", "AB1234"),
        ("order_number", "Aachen Berlin 1234", "de", "AB1234"),
        ("order_number", "double A four five six", "en", "AA456"),
        ("person", "Meier", "de", "Meier"),
        ("person", "klaus müller-lüdenscheidt", "de", "Klaus Müller-Lüdenscheidt"),
        ("person", "Mein Name ist Klaus Berger.", "de", "Klaus Berger"),
        ("person", "Emily Carter please", "en", "Emily Carter"),
        ("address", "Am Markt 1", "de", "Am Markt 1"),
        ("iban", "89 3704 0044 0532 0130 00", "de", "DE89370400440532013000"),
    ],
)
def test_a_bare_answer_is_read(slot: str, text: str, language: str, value: str) -> None:
    assert value == FILLER.answer(Slot(slot), text, Language(language), today=WEDNESDAY)


@pytest.mark.parametrize(
    ("asked", "known", "text", "told"),
    [
        ("", CARD, "ja", {}),
        ("card_last4", {}, "das weiß ich nicht", {}),
        ("choice", {}, "die zweite", {}),
        ("card_last4", {}, "vier vier eins sieben", CARD),
        ("", CARD, "nein, 4471", {"card_last4": "4471"}),
        ("time", {"date": THURSDAY}, "um drei", {"time": "15:00"}),
        ("time", {"date": THURSDAY}, "um drei aber doch lieber am Freitag",
         {"time": "15:00", "date": FRIDAY}),
    ],
)  # fmt: skip
def test_an_answer_tells_what_was_asked_and_what_is_corrected(
    asked: str, known: Mapping[str, str], text: str, told: Mapping[str, str]
) -> None:
    expected = Expected(intent="any", slots=tuple(asked.split()), known=known)

    assert told == FILLER.read(expected, text, Language.GERMAN, WEDNESDAY)


def test_every_slot_can_be_read_and_answered() -> None:
    for slot in Slot:
        assert FILLER.fill([slot], "", Language.GERMAN, today=WEDNESDAY) == {}
        assert FILLER.answer(slot, "", Language.GERMAN, today=WEDNESDAY) is None


def test_a_request_is_no_correction() -> None:
    assert not may_correct("Ich möchte meine Karte sperren")
    assert may_correct("Nein, die andere")
