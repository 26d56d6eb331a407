"""How well changed intents are understood, found out in the background while people wait for it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import NewType

from ivr.errors import CallProblem
from ivr.following import in_background
from ivr.review.report import Report

Question = NewType("Question", tuple[str, str])
"""What is compared: digests of the intents before and after."""

_REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class Running:
    """It takes a minute or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It came to nothing."""

    sentence: str


State = Report | Running | Failed


@dataclass(frozen=True)
class Measuring:
    """Answers, for as long as the process lives. One measurement at a time."""

    start: Callable[[Callable[[], None]], None] = in_background
    _states: OrderedDict[Question, State] = field(default_factory=OrderedDict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)
    _turn: Lock = field(default_factory=Lock, init=False)

    def state(self, question: Question) -> State | None:
        """None where nobody has asked."""
        with self._lock:
            return self._states.get(question)

    def begin(self, question: Question, measure: Callable[[], Report]) -> None:
        """Ask, unless that was done already; what failed may be asked again."""
        with self._lock:
            if isinstance(self._states.get(question), Report | Running):
                return
            self._note(question, Running())
        self.start(lambda: self._run(question, measure))

    def _run(self, question: Question, measure: Callable[[], Report]) -> None:
        found: State = Failed(sentence="The measurement broke off; ask again.")
        try:
            with self._turn:
                found = measure()
        except CallProblem as err:
            found = Failed(sentence=err.sentence)
        finally:
            with self._lock:
                self._note(question, found)

    def _note(self, question: Question, state: State) -> None:
        self._states[question] = state
        self._states.move_to_end(question)
        while len(self._states) > _REMEMBERED:
            self._states.popitem(last=False)
