"""Fills what an intent names out of the words that were said."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.call import Expected, Language
from ivr.understand.correction import Repair, may_correct, repairs
from ivr.understand.pack import Slot
from ivr.understand.slot_change import changed_part
from ivr.understand.slot_fit import fit
from ivr.understand.slot_iban import IbanAttempt, read_iban_attempt
from ivr.understand.slot_reader import SlotReader

_BARE_WORDS = 6
"""A longer sentence without a word that corrects is no correction but something new."""

_NAMES = frozenset(slot.value for slot in Slot)


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
        """What was found of `slots`, normalised; nothing is guessed, and what is taken back is out.

        flight: LH815. date: 2026-12-24. time: 14:30. amount: 49.90 EUR. iban: compact.
        card_last4: 1234. order_number: compact, capitals. person: Frau Meier.
        email: klaus@web.de. address: Gartenweg 5, 80331 München.
        """
        reader = self._reader(language, today)
        found = {slot: _named(slot, text, reader) for slot in slots}
        return {slot.value: value for slot, value in found.items() if value is not None}

    def answer(self, slot: Slot, text: str, language: Language, *, today: date) -> str | None:
        """The slot that was asked for, out of a bare answer or of keys; normalised as in `fill`."""
        return _answered(slot, text, self._reader(language, today))

    def corrected(
        self,
        known: Mapping[str, str],
        slots: Iterable[Slot],
        text: str,
        language: Language,
        *,
        today: date,
    ) -> dict[str, str] | None:
        """What replaces something `known`, or adds to it; None where nothing is corrected.

        A short sentence that only names something else than is known corrects too: "Freitag".
        """
        reader, kinds = self._reader(language, today), tuple(slots)
        if part := _part(known, kinds, text, reader):
            return part
        if _words(reader.write_numbers(text)) > _BARE_WORDS and not may_correct(text):
            return None
        named = {slot.value: _named(slot, text, reader) for slot in kinds}
        said = {name: value for name, value in named.items() if value is not None}
        if said:
            return {name: value for name, value in said.items() if known.get(name) != value} or None
        return _best_fit(known, kinds, text, reader)

    def read(
        self, expected: Expected, text: str, language: Language, today: date
    ) -> dict[str, str]:
        """What an answer to a question of ours tells: the slots asked for, and corrections."""
        asked = [Slot(name) for name in expected.slots if name in _NAMES]
        answers = {slot.value: self.answer(slot, text, language, today=today) for slot in asked}
        told = {name: value for name, value in answers.items() if value is not None}
        if told and not may_correct(text):
            return told
        others = [Slot(name) for name in expected.known if name in _NAMES and name not in told]
        changed = self.corrected(expected.known, others, text, language, today=today) or {}
        return changed | told

    def iban_attempt(self, texts: Sequence[str], language: Language) -> IbanAttempt | None:
        """How far an IBAN came in one turn or several; None where none was begun."""
        written = [self.write_numbers(text, language) for text in texts]
        return read_iban_attempt(written, is_iban=self.is_iban)

    def digits(self, text: str, language: Language) -> str:
        """Every digit of a spoken code, in order, such as a PIN."""
        return "".join(filter(str.isdecimal, self.write_numbers(text, language)))

    def _reader(self, language: Language, today: date) -> SlotReader:
        return SlotReader(
            write_numbers=lambda text: self.write_numbers(text, language),
            is_iban=self.is_iban,
            language=language,
            today=today,
        )


def _words(written: str) -> int:
    """Numbers do not count: digits that are said one by one make no long sentence."""
    return sum(not word.strip(".,").isdecimal() for word in written.split())


def _named(slot: Slot, text: str, reader: SlotReader) -> str | None:
    """What the sentence says by itself, without what was taken back in it."""
    # Any word may be a name to who asks for one.
    read_withdrawn = reader.strict if slot is Slot.PERSON else reader.bare
    for repair in repairs(text):
        new, old = reader.bare(slot, repair.meant), read_withdrawn(slot, repair.withdrawn)
        if new is not None and old is not None and new != old:
            return new
    return reader.strict(slot, text)


def _answered(slot: Slot, text: str, reader: SlotReader) -> str | None:
    if (named := _named(slot, text, reader)) is not None:
        return named
    for said in [*(repair.meant for repair in repairs(text)), text]:
        if (value := reader.bare(slot, said)) is not None:
            return value
    return None


def _part(
    known: Mapping[str, str], slots: Iterable[Slot], text: str, reader: SlotReader
) -> dict[str, str] | None:
    """The one known thing of which a part is corrected, such as its last digit."""
    written = reader.write_numbers(text)
    sides = [
        Repair(
            meant=reader.write_numbers(repair.meant),
            withdrawn=reader.write_numbers(repair.withdrawn),
        )
        for repair in repairs(text)
    ]
    for slot in slots:
        before = known.get(slot.value)
        value = changed_part(slot, before, written, sides) if before else None
        if value and value != before and (slot is not Slot.IBAN or reader.is_iban(value)):
            return {slot.value: value}
    return None


def _best_fit(
    known: Mapping[str, str], slots: Iterable[Slot], text: str, reader: SlotReader
) -> dict[str, str] | None:
    """The one known thing that a bare value is meant for."""
    fits = [
        (fit(slot, known[slot.value], value, text), slot.value, value)
        for slot in slots
        if slot.value in known
        and (value := _answered(slot, text, reader))
        and value != known[slot.value]
    ]
    rank, name, value = max(fits, key=lambda one: one[0], default=(0, "", ""))
    return {name: value} if rank > 0 else None
