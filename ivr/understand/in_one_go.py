"""Work that several threads want at the same time, done in one go."""

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Task = TypeVar("Task")
Found = TypeVar("Found")


class InOneGo(Generic[Task, Found]):
    """What comes while one go is under way is in the next: nobody waits for company.

    There is no thread of its own: whichever of those that wait comes first does the work of all
    ("flat combining", Hendler, Incze, Shavit and Tzafrir, 2010).
    """

    def __init__(
        self,
        work: Callable[[Sequence[Task]], Sequence[Found]],
        *,
        kind: Callable[[Task], Hashable],
        most: int,
    ) -> None:
        """`work` answers at most so many tasks of one kind, in their order, never in two threads.

        Whoever has waited longest is in the next go, with those of the same kind.
        """
        self._work = work
        self._kind = kind
        self._most = most
        self._waiting: deque[tuple[Task, Future[Found]]] = deque()
        self._adding = Lock()
        self._going = Lock()

    @property
    def waiting(self) -> int:
        """Tasks that wait for the next go."""
        with self._adding:
            return len(self._waiting)

    def do(self, task: Task) -> Found:
        """Its answer. What `work` raises is raised for everybody who was in that go."""
        mine: Future[Found] = Future()
        with self._adding:
            self._waiting.append((task, mine))
        while not mine.done():
            with self._going:
                if not mine.done():
                    self._go()
        return mine.result()

    def _go(self) -> None:
        tasks, answers = zip(*self._next(), strict=True)
        try:
            found = self._work(tasks)
        except BaseException as err:
            for answer in answers:
                answer.set_exception(err)
            if not isinstance(err, Exception):
                raise
        else:
            for answer, one in zip(answers, found, strict=True):
                answer.set_result(one)

    def _next(self) -> list[tuple[Task, Future[Found]]]:
        with self._adding:
            kind = self._kind(self._waiting[0][0])
            taken: list[tuple[Task, Future[Found]]] = []
            left: deque[tuple[Task, Future[Found]]] = deque()
            for one in self._waiting:
                fits = len(taken) < self._most and self._kind(one[0]) == kind
                (taken if fits else left).append(one)
            self._waiting = left
        return taken
