"""What an answer tells of a slot, and where a long number stops short."""

from datetime import date

import pytest

from ivr.call import Expected, Language, SlotProblem, SlotsTold
from ivr.understand.iban_checksum import is_iban
from ivr.understand.number_words import write_numbers
from ivr.understand.slots import SlotFiller
from ivr.understand.told_slots import told_slots

FILLER = SlotFiller(write_numbers=write_numbers, is_iban=is_iban)
TODAY = date(2026, 5, 13)


def told(text: str, *slots: str, earlier: tuple[str, ...] = (), **known: str) -> SlotsTold:
    expected = Expected(intent="transfer_money", slots=slots, known=known, earlier=earlier)
    return told_slots(expected, text, Language.GERMAN, TODAY, filler=FILLER)


@pytest.mark.parametrize("text", ["weiß ich nicht", "Guten Tag"])
def test_what_is_no_answer_tells_nothing(text: str) -> None:
    assert told(text, "iban") == SlotsTold()


def test_one_wrong_digit_is_noticed_and_never_used() -> None:
    wrong = told("DE89 3704 0044 0532 0130 01", "iban", amount="50.00 EUR")

    assert wrong == SlotsTold(problem=SlotProblem.WRONG)


def test_a_part_is_no_amount() -> None:
    part = told("0044 0532", "iban", earlier=("DE89 3704",), amount="50.00 EUR")

    assert part == SlotsTold(problem=SlotProblem.INCOMPLETE)


def test_the_last_part_makes_it_whole() -> None:
    whole = told("0130 00", "iban", earlier=("DE89 3704", "0044 0532"))

    assert whole == SlotsTold(slots={"iban": "DE89370400440532013000"})


def test_other_slots_are_read_as_ever() -> None:
    assert told("vier vier eins sieben", "card_last4") == SlotsTold(slots={"card_last4": "4417"})
