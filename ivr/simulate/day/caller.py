"""What a made-up caller does next, after what was asked."""

from dataclasses import dataclass

import numpy as np

from ivr.call import Event
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Confirming,
    Filling,
    Menu,
    Offered,
    Pending,
    Picking,
    Rating,
    Repeating,
    Troubled,
    Typing,
)
from ivr.simulate.day.plan import Planned
from ivr.simulate.day.words import Words, chance
from ivr.turn import Answer

_CONTENT = (5, 5, 4, 4, 3)
_CROSS = (3, 2, 1, 1)
_GUESSED_RIGHT = 0.85
"""Of those who want what we guess; the others mean another flight, card or order."""


@dataclass(frozen=True, slots=True)
class Says:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Types:
    """Keys."""

    keys: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing."""


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The call is over."""


Move = Says | Types | Silent | HangsUp


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpCaller:
    """One caller; knows what they want, and of the machine what it last asked."""

    call: Planned
    words: Words
    draw: np.random.Generator

    def opens(self) -> Move:
        if self.call.is_foreign:
            return self._reply("foreign")
        return self._wish()

    def goes_on(self, answer: Answer, turn: int) -> Move:
        """`turn`: how many there were."""
        temper = self.call.temper
        if turn >= temper.patience:
            return HangsUp()
        if temper.hears_badly and chance(self.draw, 0.3):
            return Silent() if chance(self.draw, 0.5) else self._reply("repeat")
        if temper.wants_person and turn > 1:
            return self._reply("person")
        return self._answers(answer)

    def _answers(self, answer: Answer) -> Move:
        match answer.so_far.dialogue.pending:
            case Offered(event=Event(), intent=intent) if intent.name == self.call.goal:
                return self._agrees() if chance(self.draw, _GUESSED_RIGHT) else self._denies()
            case Offered(intent=intent) | Confirming(intent=intent):
                return self._agrees() if intent.name == self.call.goal else self._denies()
            case Choosing(first=first):
                return self._reply("first") if first.name == self.call.goal else self._wish()
            case Picking():
                return self._reply("first")
            case AnythingElse():
                return self._reply("nothing_more")
            case Troubled():
                return self._agrees() if chance(self.draw, 0.6) else self._denies()
            case Filling(slot=slot):
                return self._fills(slot)
            case Repeating():
                return self._repeats(answer)
            case pending:
                return self._types(pending)

    def _types(self, pending: Pending | None) -> Move:
        """Where keys are asked for; else the wish is said again."""
        match pending:
            case Rating():
                return self._rates()
            case Menu(intents=intents):
                return self._presses(intents)
            case Typing():
                return Types("1234#")
            case _:
                return self._wish()

    def _wish(self) -> Move:
        call = self.call
        text = self.words.wish(
            call.goal, call.language, call.facts, self.draw, mood=call.temper.mood
        )
        return Says(text)

    def _agrees(self) -> Move:
        return self._reply("agreed")

    def _denies(self) -> Move:
        """Half of them say at once what they want instead."""
        return self._reply("denied") if chance(self.draw, 0.5) else self._wish()

    def _presses(self, intents: tuple[str, ...]) -> Move:
        if self.call.goal in intents:
            return Types(str(intents.index(self.call.goal) + 1))
        return self._reply("person")

    def _fills(self, slot: str) -> Move:
        text = self.words.slot(slot, self.call.language, self.call.facts, self.draw)
        return self._reply("person") if text is None else Says(text)

    def _repeats(self, answer: Answer) -> Move:
        challenge = answer.so_far.challenge
        return Says(" ".join(challenge.digits)) if challenge else self._reply("denied")

    def _rates(self) -> Move:
        if not self.call.temper.rates:
            return HangsUp()
        marks = _CROSS if self.call.temper.mood == "upset" else _CONTENT
        return Types(str(marks[int(self.draw.integers(len(marks)))]))

    def _reply(self, kind: str) -> Move:
        return Says(self.words.reply(kind, self.call.language, self.draw))
