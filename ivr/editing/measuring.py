"""What takes a minute is worked out in the background while people wait for it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from ivr.errors import CallProblem
from ivr.following import in_background

_Answer = TypeVar("_Answer")

_REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class Running:
    """It takes a minute or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It came to nothing."""

    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[_Answer]):
    """It is there."""

    answer: _Answer


class Measuring(Generic[_Answer]):
    """Answers by question, for as long as the process lives. One is worked on at a time."""

    def __init__(self, start: Callable[[Callable[[], None]], None] = in_background) -> None:
        self._start = start
        self._states: OrderedDict[Hashable, Running | Failed | Done[_Answer]] = OrderedDict()
        self._lock = Lock()
        self._turn = Lock()

    def state(self, question: Hashable) -> Running | Failed | Done[_Answer] | None:
        """None where nobody has asked."""
        with self._lock:
            return self._states.get(question)

    def begin(self, question: Hashable, measure: Callable[[], _Answer]) -> None:
        """Ask, unless that was done already; what failed may be asked again."""
        with self._lock:
            if isinstance(self._states.get(question), Done | Running):
                return
            self._note(question, Running())
        self._start(lambda: self._run(question, measure))

    def _run(self, question: Hashable, measure: Callable[[], _Answer]) -> None:
        found: Failed | Done[_Answer] = Failed(sentence="It broke off; ask again.")
        try:
            with self._turn:
                found = Done(answer=measure())
        except CallProblem as err:
            found = Failed(sentence=err.sentence)
        finally:
            with self._lock:
                self._note(question, found)

    def _note(self, question: Hashable, state: Running | Failed | Done[_Answer]) -> None:
        self._states[question] = state
        self._states.move_to_end(question)
        while len(self._states) > _REMEMBERED:
            self._states.popitem(last=False)
