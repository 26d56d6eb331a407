"""Figures that come too late are left out, so that the others come in time."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from ivr.seeing.measure import Reading, Sample


class Impatient:
    """A reading that is waited for so long and no longer. One reader at a time has it in hand."""

    def __init__(self, reading: Reading, *, within_s: float, threads: ThreadPoolExecutor) -> None:
        self._reading = reading
        self._within_s = within_s
        self._threads = threads
        self._begun: Future[list[Sample]] | None = None
        self._lock = Lock()

    def __call__(self) -> Iterable[Sample]:
        """What is read.

        Raises:
            TimeoutError: it takes too long, or the last one that took too long is not over.
        """
        with self._lock:
            if self._begun is not None and not self._begun.done():
                raise TimeoutError
            begun = self._begun = self._threads.submit(lambda: list(self._reading()))
        return begun.result(timeout=self._within_s)
