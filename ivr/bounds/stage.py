"""One part of a turn, waited for so long and no longer."""

import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from ivr.bounds.crew import Crew
from ivr.bounds.tally import Tally
from ivr.errors import StageHangs, TooLate

log = logging.getLogger(__name__)

T = TypeVar("T")


class Stage:
    """Does one kind of work on threads of its own. One per process, shared by every call.

    Work that is late goes on unheard, since no thread can be stopped; while as much of it as may
    goes on, the stage takes no more, so that nobody waits for what hangs. Once some of it has come
    back, the next is tried again.
    """

    def __init__(
        self, name: str, *, within_ms: int, most_hanging: int, tally: Tally | None = None
    ) -> None:
        self.name, self.within_ms = name, within_ms
        self._most_hanging = most_hanging
        self._tally = tally or Tally()
        self._crew = Crew(name)
        self._hanging = 0
        self._lock = Lock()

    @property
    def hanging(self) -> int:
        """Pieces of work that were given up and have not come back."""
        with self._lock:
            return self._hanging

    def begin(self, work: Callable[[], T]) -> "Begun[T]":
        """Its time begins now. Where too much of what was begun before hangs, it is not done."""
        begun = Begun[T](self)
        if self.hanging >= self._most_hanging:
            self._tally.count("stage_refused", self.name)
            begun.refuse(StageHangs(f"Too much of {self.name} hangs; nothing more is begun."))
            return begun
        context = contextvars.copy_context()
        self._crew.begin(partial(context.run, begun.do, work))
        return begun

    def run(self, work: Callable[[], T]) -> T:
        """Do the work and wait for it.

        Raises:
            TooLate: it is not done in time; it goes on, and what comes of it is not used.
            StageHangs: it was not begun.
        """
        return self.begin(work).result()

    def note_late(self) -> None:
        with self._lock:
            self._hanging += 1
            hanging = self._hanging
        self._tally.count("stage_late", self.name)
        log.error("a stage is late", extra={"stage": self.name, "hanging": hanging})

    def note_failed(self) -> None:
        """Something came back broken, and the turn goes on without it."""
        self._tally.count("stage_failed", self.name)

    def note_back(self) -> None:
        with self._lock:
            self._hanging -= 1


class Begun(Generic[T]):
    """Work that is being done. For whoever began it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._until = monotonic() + stage.within_ms / 1_000
        self._answer: Future[T] = Future()
        self._is_given_up = False
        self._lock = Lock()

    def result(self) -> T:
        """What came of it, or what it raised.

        Raises:
            TooLate: it is not done in time.
            StageHangs: it was not begun.
        """
        wait([self._answer], timeout=max(self._until - monotonic(), 0.0))
        if self._is_done():
            return self._answer.result()
        raise TooLate(f"{self.stage.name} took more than {self.stage.within_ms} ms.")

    def refuse(self, why: StageHangs) -> None:
        self._answer.set_exception(why)

    def do(self, work: Callable[[], T]) -> None:
        try:
            done = work()
        except BaseException as err:  # noqa: BLE001 - raised where the work is waited for
            self._come(partial(self._answer.set_exception, err))
        else:
            self._come(partial(self._answer.set_result, done))

    def _is_done(self) -> bool:
        """Whether it is done; what is not is given up."""
        with self._lock:
            if not self._answer.done() and not self._is_given_up:
                self._is_given_up = True
                self.stage.note_late()
            return not self._is_given_up

    def _come(self, settle: Callable[[], object]) -> None:
        with self._lock:
            settle()
            if self._is_given_up:
                self.stage.note_back()
