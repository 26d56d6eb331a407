"""How well a bare value suits one of several things that are known."""

import re

from ivr.understand.pack import Slot

_NAMED = {
    Slot.FLIGHT: r"flug|flight",
    Slot.DATE: r"datum|tag|termin|date|day",
    Slot.TIME: r"uhrzeit|zeit|uhr|time",
    Slot.AMOUNT: r"betrag|summe|amount|sum",
    Slot.IBAN: r"iban|konto|account",
    Slot.CARD_LAST4: r"karte|ziffern|card|digits",
    Slot.ORDER_NUMBER: r"bestell\w*|auftrag\w*|order",
    Slot.PERSON: r"name|frau|herrn?",
    Slot.EMAIL: r"e?-?mail\w*",
    Slot.ADDRESS: r"adresse|anschrift|address",
}
_BY_NAME = 4
_BY_SHAPE = 2
_BY_KIND = 1

_CODES = frozenset({Slot.CARD_LAST4, Slot.ORDER_NUMBER})


def fit(slot: Slot, known: str, value: str, text: str) -> int:
    """More is better; 0 is no fit: a number of another length is not the code that is known."""
    if re.search(rf"\b(?:{_NAMED[slot]})\b", text, re.IGNORECASE):
        return _BY_NAME
    if _shape(known) == _shape(value) and slot is not Slot.PERSON:
        return _BY_SHAPE if slot in _CODES else _BY_KIND
    return 0 if slot in _CODES or slot is Slot.PERSON else _BY_KIND


def _shape(value: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", value))
