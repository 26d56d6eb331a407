"""Work that no caller waits for: one piece after the other, and no more of it than may wait."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from ivr.bounds.tally import Tally
from ivr.trace import trace

log = logging.getLogger(__name__)


class Aside:
    """One thread. What comes while too much waits is left undone, which is told and counted."""

    def __init__(self, name: str, *, most: int, tally: Tally | None = None) -> None:
        """`most` pieces wait at a time, the one that is being done included."""
        self._name, self._most = name, most
        self._tally = tally or Tally()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting = 0
        self._lock = Lock()

    def do(self, work: Callable[[], object]) -> bool:
        """Later; False where it is not done. What fails is told in the log and harms nothing."""
        with self._lock:
            is_full = self._waiting >= self._most
            self._waiting += not is_full
        if is_full:
            self._tally.count("left_undone", self._name)
            log.error("left undone", extra={"what": self._name, "waiting": self._most})
            return False
        self._threads.submit(self._done, work)
        return True

    def close(self) -> None:
        """Do what waits; nothing more is taken."""
        self._threads.shutdown()

    def _done(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as err:  # noqa: BLE001 - nobody looks at what a thread of its own raises
            log.error("work aside failed", extra=trace(err) | {"what": self._name})  # noqa: TRY400
        finally:
            with self._lock:
                self._waiting -= 1
