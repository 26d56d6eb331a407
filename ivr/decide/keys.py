"""What the keys of a telephone mean, by the question that was asked."""

from dataclasses import replace

from ivr.call import Intent
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Confirming,
    Filling,
    Menu,
    Offered,
    Picking,
    Repeating,
    Troubled,
    Typing,
)
from ivr.decide.moment import Moment

_EVERYWHERE = {"0": "person", "*": "repeat", "#": "by_keys"}
_YES_OR_NO = {"1": "affirm", "2": "deny"}
_WITHOUT_VOICE = "9"


def typed(moment: Moment) -> Moment:
    """The moment with keys read as the words they stand for; digits for a slot stay digits."""
    if not moment.keys:
        return moment
    name = _EVERYWHERE.get(moment.keys)
    keys = moment.keys.rstrip("#")
    match moment.dialogue.pending:
        case Offered() | Confirming() | Troubled() | AnythingElse():
            name = name or _YES_OR_NO.get(keys)
        case Picking(options=options) if len(options) == 1:
            name = name or _YES_OR_NO.get(keys)
        case None:
            name = name or ("no_voice" if keys == _WITHOUT_VOICE else None)
        case _:
            pass
    meaning = Intent(name=name, confidence=1.0) if name else None
    return replace(moment, meaning=meaning)


def place_typed(moment: Moment) -> int | None:
    """Which of several was chosen by its key, counted from 0."""
    keys = moment.keys.rstrip("#")
    match moment.dialogue.pending:
        case Choosing():
            count = 2
        case Picking(options=options):
            count = len(options)
        case Menu(intents=intents):
            count = len(intents)
        case _:
            return None
    is_place = keys.isdecimal() and 1 <= int(keys) <= count
    return int(keys) - 1 if is_place else None


def takes_digits(moment: Moment) -> bool:
    """Whether digits were asked for, which are then no choice of anything."""
    return isinstance(moment.dialogue.pending, Filling | Typing | Repeating)
