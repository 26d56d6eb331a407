"""Work that is due in a while, on one thread for all of it."""

import heapq
import logging
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread
from time import monotonic

from ivr.trace import trace

log = logging.getLogger(__name__)


class Later:
    """A timer each would be a thread each. Keeps no process alive."""

    def __init__(self, name: str, *, most: int) -> None:
        """`most` pieces of work are kept."""
        self._name, self._most = name, most
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()
        self._changed = Condition()
        self._thread: Thread | None = None

    def after(self, wait_s: float, work: Callable[[], object]) -> bool:
        """Do it then; False where too much is kept already, and it is not done."""
        with self._changed:
            if len(self._due) >= self._most:
                log.error("left undone", extra={"what": self._name, "waiting": self._most})
                return False
            heapq.heappush(self._due, (monotonic() + wait_s, next(self._numbers), work))
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()
            return True

    def _run(self) -> None:
        while True:
            work = self._next()
            try:
                work()
            except Exception as err:  # noqa: BLE001 - the others are due too
                log.error("work aside failed", extra=trace(err))  # noqa: TRY400 - can hold words

    def _next(self) -> Callable[[], object]:
        with self._changed:
            while True:
                if not self._due:
                    self._changed.wait()
                elif (left_s := self._due[0][0] - monotonic()) > 0:
                    self._changed.wait(left_s)
                else:
                    return heapq.heappop(self._due)[2]
