"""What an answer to a question of ours tells, and where it stops short."""

from datetime import date

from ivr.call import Expected, Language, SlotProblem, SlotsTold
from ivr.understand.pack import Slot
from ivr.understand.slot_iban import PartOfIban, ValidIban, WrongIban
from ivr.understand.slots import SlotFiller


def told_slots(
    expected: Expected, text: str, language: Language, today: date, *, filler: SlotFiller
) -> SlotsTold:
    """Slots that were asked for, and corrections of what was known.

    A long number may come in several turns; `expected.earlier` holds what was said of it before.
    """
    if Slot.IBAN in expected.slots:
        match filler.iban_attempt([*expected.earlier, text], language):
            case ValidIban(iban=iban):
                return SlotsTold(slots={Slot.IBAN.value: iban})
            case WrongIban():
                return SlotsTold(problem=SlotProblem.WRONG)
            case PartOfIban():
                return SlotsTold(problem=SlotProblem.INCOMPLETE)
            case None:
                pass
    return SlotsTold(slots=filler.read(expected, text, language, today))
