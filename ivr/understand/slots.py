"""Fills what an intent names out of the words that were said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ivr.call import Language
from ivr.understand.pack import Slot
from ivr.understand.slot_amount import read_amount
from ivr.understand.slot_codes import read_card_last4, read_iban, read_order_number
from ivr.understand.slot_date import read_date
from ivr.understand.slot_flight import read_flight
from ivr.understand.slot_person import read_person


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFiller:
    """Reads slots with the libraries it is given."""

    write_numbers: Callable[[str, Language], str]
    """Number words to digits."""

    is_iban: Callable[[str], bool]
    """Whether a compact IBAN can exist."""

    def fill(
        self, slots: Iterable[Slot], text: str, language: Language, *, today: date
    ) -> dict[str, str]:
        """What was found of `slots`, normalised; nothing is guessed.

        flight: LH815. date: 2026-12-24. amount: 49.90 EUR. iban: compact. card_last4: 1234.
        order_number: compact, capitals. person: Frau Meier.
        """
        written = self.write_numbers(text, language)
        found = {slot: self._read(slot, text, written, language, today) for slot in slots}
        return {slot.value: value for slot, value in found.items() if value is not None}

    def digits(self, text: str, language: Language) -> str:
        """Every digit of a spoken code, in order, such as a PIN."""
        return "".join(filter(str.isdecimal, self.write_numbers(text, language)))

    def _read(
        self, slot: Slot, text: str, written: str, language: Language, today: date
    ) -> str | None:
        match slot:
            case Slot.FLIGHT:
                return read_flight(written)
            case Slot.DATE:
                day = read_date(written, today)
                return day.isoformat() if day else None
            case Slot.AMOUNT:
                return read_amount(written)
            case Slot.IBAN:
                return read_iban(written, is_iban=self.is_iban)
            case Slot.CARD_LAST4:
                return read_card_last4(written)
            case Slot.ORDER_NUMBER:
                return read_order_number(written)
            case Slot.PERSON:
                return read_person(text, language)
            case _:
                assert_never(slot)
