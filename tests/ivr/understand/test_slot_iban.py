"""IBANs that are wrong by a digit, come in parts, or are said again from the middle."""

import pytest

from ivr.call import Language
from ivr.understand.iban_checksum import is_iban
from ivr.understand.number_words import write_numbers
from ivr.understand.slot_iban import (
    IbanAttempt,
    PartOfIban,
    ValidIban,
    WrongIban,
    kept_until,
    read_iban_attempt,
)
from ivr.understand.slots import SlotFiller

FILLER = SlotFiller(write_numbers=write_numbers, is_iban=is_iban)
WHOLE = "DE89370400440532013000"


def attempt(*texts: str) -> IbanAttempt | None:
    return FILLER.iban_attempt(texts, Language.GERMAN)


@pytest.mark.parametrize("text", ["", "Guten Tag", "Flug 815", "DE", "meine Karte", "die 417"])
def test_what_is_no_iban_is_no_attempt(text: str) -> None:
    assert attempt(text) is None


def test_nothing_said_is_no_attempt() -> None:
    assert read_iban_attempt([], is_iban=is_iban) is None


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("DE89 3704 0044 0532 0130 01", "DE89370400440532013001"),
        ("D. E. 89 37 04 0044 0532 0130 09.", "DE89370400440532013009"),
        ("acht neun 3704 0044 0532 0130 01", "DE89370400440532013001"),
        ("AT61 1904 3002 3457 3202", "AT611904300234573202"),
        ("GB29 NWBK 6016 1331 9268 18", "GB29NWBK60161331926818"),
    ],
)
def test_a_wrong_digit_is_told_from_a_missing_one(text: str, heard: str) -> None:
    assert attempt(text) == WrongIban(heard=heard)


@pytest.mark.parametrize(
    ("text", "heard", "missing", "next_group"),
    [
        ("Meine IBAN ist DE89 3704", "DE893704", 14, 3),
        ("8937 0400 4405 3201", "DE8937040044053201", 4, 5),
        ("A T sechs eins, eins neun null vier", "AT611904", 12, 3),
    ],
)
def test_an_iban_that_is_too_short_says_what_is_missing(
    text: str, heard: str, missing: int, next_group: int
) -> None:
    part = attempt(text)

    assert isinstance(part, PartOfIban)
    assert (part.heard, part.missing, part.next_group) == (heard, missing, next_group)


@pytest.mark.parametrize(
    "texts",
    [
        ("DE89 3704 0044 0532 0130 00",),
        ("D. E. 89 37 04 0044 0532 0130 00.",),
        ("D wie Dora, E wie Emil, 89 3704 0044 0532 0130 00",),
        ("Düsseldorf Essen 89 3704 0044 0532 0130 00",),
        ("de acht neun 37 04, doppel null doppel vier, 0 5 drei zwei, null eins 30 null null",),
        ("DE89 3704", "0044 0532", "0130 00"),
        ("Die IBAN ist DE89", "und dann 3704 0044", "0532 0130 00"),
        ("DE89 3704 0044", "DE89 3704 0044 0532 0130 00"),
        ("DE89 3704 0044 0532 0130 01", "nein, DE89 3704 0044 0532 0130 00"),
    ],
)
def test_an_iban_is_put_together_over_turns(texts: tuple[str, ...]) -> None:
    assert attempt(*texts) == ValidIban(iban=WHOLE)


def test_an_iban_is_said_again_from_a_group_on() -> None:
    kept = kept_until("DE89370400990532013000", 4)

    assert kept == "DE8937040099"
    assert attempt(kept_until("DE89370400990532013000", 3), "0044 0532 0130 00") == ValidIban(
        iban=WHOLE
    )


def test_no_iban_is_printed() -> None:
    assert WHOLE[4:] not in repr([ValidIban(iban=WHOLE), WrongIban(heard=WHOLE)])
