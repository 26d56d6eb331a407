"""How long to wait for more, by what was asked and what has been said so far."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ivr.call import Intent, Language, Several, Transcript
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
from ivr.decide.options import option_in
from ivr.decide.replies import which_of
from ivr.settings import LiveSettings
from ivr.turn import Awaited, Tried

_SPELT = frozenset({"iban", "card_last4", "order_number", "amount", "person", "email", "address"})
"""Slots whose values are read out with pauses in them."""

ANSWERS = frozenset({"affirm", "deny"})

_GREETING = "hello"

_COMMANDS = frozenset({"person", "repeat", "goodbye", "back", "help", "slower", "undo", "by_keys"})

_DANGLING = {
    Language.GERMAN: re.compile(
        r"\b(?:und|oder|aber|weil|dass|ob|wenn|denn|von|vom|zum|zur|für|im|am|den|dem|des|eine|einen"
        r"|einem|einer|mein|meine|meinen|meinem|meiner|ich|wir|äh|ähm|hm)\W*$",
        re.IGNORECASE,
    ),
    Language.ENGLISH: re.compile(
        r"\b(?:and|or|but|because|if|to|from|for|with|at|the|a|an|my|of|i|we|er|erm|um|uh)\W*$",
        re.IGNORECASE,
    ),
}
"""A sentence that ends like this goes on. German ones may end with "an", "auf", "mit" or "zu"."""


_FEWEST_WORDS = 4
"""Of a sentence: Whisper ends everything with a full stop."""


class Whole(StrEnum):
    """Whether what was said so far is all."""

    ANSWER = "answer"
    """A plain yes or no, or a command: nothing can be missing."""

    SENTENCE = "sentence"
    """It makes sense as it is."""

    GREETING = "greeting"
    """A request usually follows: "Hello, I am calling to ask ..."."""

    WORDS = "words"
    """A sentence by its form, though nobody knows what it is about."""

    UNCLEAR = "unclear"


class Keys(StrEnum):
    """How keys answer what was asked."""

    ONE = "one"
    ROW = "row"
    """As many as the caller likes, ended by # or by a pause."""


@dataclass(frozen=True, slots=True)
class Patience:
    """For one turn."""

    settings: LiveSettings
    awaited: Awaited

    def quiet_ms(self, tried: Tried | None) -> int:
        """Quiet that ends the turn."""
        settings = self.settings
        match Whole.UNCLEAR if tried is None else whole(tried, self.awaited):
            case Whole.ANSWER:
                wait_ms = settings.quiet_after_answer_ms
            case Whole.SENTENCE:
                wait_ms = settings.quiet_after_sentence_ms
            case Whole.GREETING:
                wait_ms = settings.quiet_after_greeting_ms
            case Whole.WORDS:
                wait_ms = settings.quiet_after_words_ms
            case Whole.UNCLEAR if self.is_spelt:
                wait_ms = settings.quiet_while_spelling_ms
            case Whole.UNCLEAR:
                wait_ms = settings.quiet_ms
        return int(wait_ms * settings.slow_factor) if self.awaited.needs_time else wait_ms

    @property
    def no_input_ms(self) -> int:
        """Silence after which the caller is asked again."""
        settings = self.settings
        return settings.slow_no_input_ms if self.awaited.needs_time else settings.no_input_ms

    @property
    def is_spelt(self) -> bool:
        """The answer is read out piece by piece."""
        match self.awaited.dialogue.pending:
            case Filling(slot=slot):
                return slot in _SPELT
            case Repeating() | Typing():
                return True
            case _:
                return False

    @property
    def keys(self) -> Keys:
        match self.awaited.dialogue.pending:
            case Filling() | Repeating() | Typing():
                return Keys.ROW
            case _:
                return Keys.ONE


def whole(tried: Tried, awaited: Awaited) -> Whole:
    """Whether words that were heard on trial are all that the caller wants to say."""
    if not isinstance(tried.heard, Transcript):
        return Whole.UNCLEAR
    name = tried.meaning.name if isinstance(tried.meaning, Intent) else None
    if _DANGLING[tried.heard.language].search(tried.heard.text) and name not in _COMMANDS:
        return Whole.UNCLEAR
    match awaited.dialogue.pending:
        case Offered() | Confirming() | Troubled() | AnythingElse() if name in ANSWERS:
            return Whole.ANSWER
        case Filling() | Picking() as asked:
            is_told = bool(tried.told.slots) and tried.told.problem is None
            is_answered = is_told or _is_picked(tried.heard.text, name, asked)
            return Whole.SENTENCE if is_answered or name in _COMMANDS else Whole.UNCLEAR
        case Repeating() | Typing():
            return Whole.SENTENCE if name in _COMMANDS else Whole.UNCLEAR
        case Choosing() | Menu():
            return Whole.SENTENCE
        case _ if name is not None or isinstance(tried.meaning, Several):
            return Whole.GREETING if name == _GREETING else Whole.SENTENCE
        case _:
            text = tried.heard.text.strip()
            is_sentence = text.endswith((".", "?", "!")) and len(text.split()) >= _FEWEST_WORDS
            return Whole.WORDS if is_sentence else Whole.UNCLEAR


def _is_picked(text: str, name: str | None, asked: Filling | Picking) -> bool:
    options = asked.options if isinstance(asked, Picking) else ()
    is_named = which_of(text, len(options)) is not None or option_in(text, options) is not None
    return is_named or (len(options) == 1 and name in ANSWERS)
