"""Where recognitions stand in line for the processor."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Protocol, TypeVar

from ivr.marks import carried

T = TypeVar("T")


class Lane(Protocol):
    """Does work in turn. One per process, shared by every call."""

    @property
    def length(self) -> int:
        """Pieces of work that wait or are being done."""

    @property
    def at_once(self) -> int:
        """Pieces of work that are done at the same time."""

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """The answer to come. Cancelled before its turn, the work is never done."""


class ThreadLane:
    """A lane of so many threads.

    Work that has begun cannot be stopped, whoever gave up on it: until it ends it counts.
    """

    def __init__(self, *, at_once: int) -> None:
        self._at_once = at_once
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="recognition")
        self._lock = Lock()
        self._length = 0

    @property
    def length(self) -> int:
        with self._lock:
            return self._length

    @property
    def at_once(self) -> int:
        return self._at_once

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        with self._lock:
            self._length += 1
        answer = self._threads.submit(self._counted, carried(work))
        answer.add_done_callback(lambda done: self._leave() if done.cancelled() else None)
        return answer

    def _counted(self, work: Callable[[], T]) -> T:
        # Who waits for the answer must find the lane as it is afterwards.
        try:
            return work()
        finally:
            self._leave()

    def _leave(self) -> None:
        with self._lock:
            self._length -= 1
