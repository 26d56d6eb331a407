"""A call as it was, turn by turn, for those who are told of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.call import CallerNumber, CallId
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, Moment
from ivr.result import Result
from ivr.turn import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One turn, once it was answered."""

    at: datetime
    result: Result
    moment: Moment | None
    """None where a part of the system failed."""

    decision: Decision | None


def told_of(answer: Answer, at: datetime) -> Told:
    """What is told of a turn that was answered so."""
    return Told(at=at, result=answer.result, moment=answer.moment, decision=answer.decision)


def known_before(answer: Answer, told: Sequence[Told]) -> Answer:
    """The answer of a turn in which nothing was said: what is known of the caller is what was."""
    return replace(answer, moment=told[-1].moment if told else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One call, in memory only."""

    call_id: CallId
    number: CallerNumber
    gateway: str
    """A code of the way it came; empty where nobody said."""

    began_at: datetime
    turns: tuple[Told, ...]
    """One or more."""

    dialogue: Dialogue
    """As the last turn left it."""

    name: str = ""
    """Drawn for the call, where workers share it: whoever writes it down twice writes it once."""

    @property
    def last(self) -> Told:
        return self.turns[-1]

    @property
    def sound(self) -> Told | None:
        """The last turn in which nothing failed."""
        return next((told for told in reversed(self.turns) if told.moment), None)

    @property
    def found(self) -> Moment | None:
        """What it found out."""
        return self.sound.moment if self.sound else None
