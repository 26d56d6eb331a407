"""Threads that can be left behind: none of them keeps the process alive, or another waiting."""

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread

_IDLE_S = 30.0

Job = Callable[[], object]
"""Never fails."""


class Crew:
    """Runs each job at once, on a thread that is idle or on a new one.

    How many there are is for whoever gives the jobs to say. A pool would make a job wait behind one
    that hangs, and the interpreter wait for it at the end.
    """

    def __init__(self, name: str, *, idle_s: float = _IDLE_S) -> None:
        self._name, self._idle_s = name, idle_s
        self._idle: list[_Worker] = []
        self._lock = Lock()

    def begin(self, job: Job) -> None:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is None:
            worker = _Worker(self._name, self._next)
            worker.start()
        worker.jobs.put(job)

    def _next(self, worker: "_Worker") -> Job | None:
        """What it is to do next; None where nobody has needed it for a while."""
        with self._lock:
            self._idle.append(worker)
        with suppress(Empty):
            return worker.jobs.get(timeout=self._idle_s)
        with self._lock:
            if worker in self._idle:
                self._idle.remove(worker)
                return None
        return worker.jobs.get()  # it was chosen at the last moment


class _Worker(Thread):
    def __init__(self, name: str, after: "Callable[[_Worker], Job | None]") -> None:
        super().__init__(name=name, daemon=True)
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        self._after = after

    def run(self) -> None:
        job: Job | None = self.jobs.get()
        while job is not None:
            job()
            del job  # nothing of a call stays with an idle thread
            job = self._after(self)
