"""Who works on shards: this process, or several of this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait as wait_for

from biometrics import VoiceProblem
from ivr.bulk.row import Hear, Line, Row
from ivr.errors import CallProblem, WorkerLost

MakeHear = Callable[[], Hear]
"""Loads the encoder; must be picklable, since each process calls it for itself."""

_AHEAD = 2
"""Shards a worker that are handed out at a time: one in work, one waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A shard to be made."""

    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A shard that was made."""

    number: int
    rows: tuple[Row, ...]


Crew = Callable[[Iterator[Job]], Iterator[Made]]
"""Takes jobs no faster than it works, so that a list need not be in memory."""


def alone(make: MakeHear) -> Crew:
    """In this process, one after the other."""

    def crew(jobs: Iterator[Job]) -> Iterator[Made]:
        hear = make()
        for job in jobs:
            yield made(job, hear)

    return crew


def processes(make: MakeHear, workers: int) -> Crew:
    """In processes of this machine, which end with this one, however it ends."""

    def crew(jobs: Iterator[Job]) -> Iterator[Made]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            workers, mp_context=context, initializer=_start, initargs=(make,)
        ) as pool:
            try:
                yield from _as_they_end(pool, jobs, workers * _AHEAD)
            except BrokenProcessPool as err:
                raise WorkerLost(
                    "A worker process has ended; what was written is kept. Run the same again, "
                    "with fewer --workers if memory is short."
                ) from err
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    return crew


def made(job: Job, hear: Hear) -> Made:
    """A recording that cannot be read is a row with a code."""
    return Made(number=job.number, rows=tuple(_row(line, hear) for line in job.lines))


def _row(line: Line, hear: Hear) -> Row:
    if line.code:
        return Row(code=line.code)
    try:
        heard = hear(line.path)
    except (CallProblem, VoiceProblem) as err:
        return Row(subject=line.subject, file=line.file, code=err.code)
    code = heard.take.poor[0].code.value if heard.take.poor else ""
    return Row(subject=line.subject, file=line.file, code=code, heard=heard)


def _as_they_end(pool: ProcessPoolExecutor, jobs: Iterator[Job], most: int) -> Iterator[Made]:
    running: set[Future[Made]] = {pool.submit(_work, job) for job in islice(jobs, most)}
    while running:
        ended, running = wait(running, return_when=FIRST_COMPLETED)
        for one in ended:
            yield one.result()
        running |= {pool.submit(_work, job) for job in islice(jobs, most - len(running))}


_own: list[Hear] = []
"""What this worker process hears with."""


def _start(make: MakeHear) -> None:
    # Ctrl-C reaches every process of a terminal; the one that was started decides for all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own[:] = [make()]


def _end_with_parent() -> None:
    # A pool's processes hold both ends of its pipes, so they would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(job: Job) -> Made:
    return made(job, _own[0])
