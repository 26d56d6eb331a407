"""Reads one slot out of one piece of text, strictly or as the answer to a question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ivr.call import Language
from ivr.understand.pack import Slot
from ivr.understand.slot_address import read_address, read_bare_address
from ivr.understand.slot_amount import read_amount
from ivr.understand.slot_answer import (
    read_bare_amount,
    read_bare_card,
    read_bare_date,
    read_bare_order,
    read_bare_person,
)
from ivr.understand.slot_codes import read_card_last4, read_order_number
from ivr.understand.slot_date import read_date
from ivr.understand.slot_email import read_email
from ivr.understand.slot_flight import read_flight
from ivr.understand.slot_iban import read_iban
from ivr.understand.slot_person import read_person
from ivr.understand.slot_time import read_bare_time, read_time

_STRICT: dict[Slot, Callable[[str], str | None]] = {
    Slot.FLIGHT: read_flight,
    Slot.AMOUNT: read_amount,
    Slot.CARD_LAST4: read_card_last4,
    Slot.ORDER_NUMBER: read_order_number,
    Slot.EMAIL: read_email,
    Slot.ADDRESS: read_address,
}
"""What needs nothing but the words with numbers in digits."""

_BARE = _STRICT | {
    Slot.AMOUNT: read_bare_amount,
    Slot.CARD_LAST4: read_bare_card,
    Slot.ORDER_NUMBER: read_bare_order,
    Slot.ADDRESS: read_bare_address,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotReader:
    """Reads texts of one language on one day."""

    write_numbers: Callable[[str], str]
    is_iban: Callable[[str], bool]
    language: Language
    today: date

    def strict(self, slot: Slot, text: str) -> str | None:
        """What the text says by itself."""
        match slot:
            case Slot.DATE:
                return _iso(read_date(self.write_numbers(text), self.today))
            case Slot.IBAN:
                return read_iban(self.write_numbers(text), is_iban=self.is_iban)
            case Slot.PERSON:
                return read_person(text, self.language)
            case Slot.TIME:
                return read_time(self.write_numbers(text), self.language)
            case _:
                return _STRICT[slot](self.write_numbers(text))

    def bare(self, slot: Slot, text: str) -> str | None:
        """What the text says to who asked for this slot and nothing else."""
        match slot:
            case Slot.DATE:
                return _iso(read_bare_date(self.write_numbers(text), self.today))
            case Slot.PERSON:
                return read_bare_person(text, self.language)
            case Slot.TIME:
                return read_bare_time(self.write_numbers(text), self.language)
            case Slot.IBAN:
                return self.strict(slot, text)
            case _:
                return _BARE[slot](self.write_numbers(text))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
