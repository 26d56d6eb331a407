"""Wrong messages by the thousand into every adapter, while another call goes on beside them.

`scripts/fuzz --count 100000` for all, `scripts/fuzz audiosocket --seed 7` for one.
"""

import argparse
import asyncio
import gc
import logging
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol, TypeVar

from tests.ivr.gateways.fuzzing.mutations import Mutator

T = TypeVar("T")

_STEADY_EVERY = 200
_LONGEST_S = 20
_LOOK_S = 0.05
_WARM = 0.2
"""Of all messages: before, memory may grow."""


class Door(Protocol):
    """An adapter that listens, and somebody who calls it."""

    wrong: Counter[str]
    """What was done that no adapter may do."""

    async def attack(self, mutator: Mutator) -> int:
        """Send wrong messages in one connection or request; how many."""

    async def steady(self) -> None:
        """A few frames or requests of another call, as they should be.

        Raises:
            AssertionError: it was disturbed.
        """

    async def settle(self) -> None:
        """Close everything but the other call."""

    @property
    def going_on(self) -> int:
        """Calls that were answered and are not over."""


Target = Callable[[], AbstractAsyncContextManager[Door]]


@dataclass(slots=True, kw_only=True)
class Report:
    """What came of a run."""

    sent: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    """Crashes, hanging connections, errors that were logged, and what no adapter may do."""

    grown_kib: int = 0
    """Memory of the process after the first fifth."""

    left: Counter[str] = field(default_factory=Counter)
    """Tasks, files and calls that were not there before."""

    seconds: float = 0.0

    def __str__(self) -> str:
        told = f"{self.sent} messages in {self.seconds:.0f} s, {self.grown_kib} KiB more"
        return f"{told}, left over: {dict(self.left)}, wrong: {dict(self.wrong)}"


class _Errors(logging.Handler):
    """Errors that our code logs and did not foresee: bad input is no reason for one."""

    def __init__(self, wrong: Counter[str]) -> None:
        super().__init__(logging.ERROR)
        self._wrong = wrong

    def emit(self, record: logging.LogRecord) -> None:
        if vars(record).get("code", "unexpected") != "unexpected":
            return
        kind, where = vars(record).get("kind", ""), vars(record).get("where", "")
        message = record.getMessage().splitlines()[0]
        if record.exc_info and record.exc_info[1] is not None:
            kind = repr(record.exc_info[1])[:200]
        self._wrong[f"logged: {message} {kind} {Path(where).name}"] += 1


@contextmanager
def _errors_in(wrong: Counter[str]) -> Iterator[None]:
    errors = _Errors(wrong)
    logging.getLogger().addHandler(errors)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(errors)


async def fuzz(target: Target, *, count: int, seed: int = 0, settle_s: float = 15) -> Report:
    """Send `count` wrong messages, and see what that does; then all may take so long to end."""
    report, mutator, began = Report(), Mutator(seed), monotonic()
    async with target() as door:
        with _errors_in(report.wrong):
            await _send(door, mutator, report, int(count * _WARM))
            before, used = await _state(door, settle_s), _memory_kib()
            await _send(door, mutator, report, count)
            report.left = await _state(door, settle_s, before) - before
            report.grown_kib = _memory_kib() - used
            report.wrong += door.wrong
    report.seconds = monotonic() - began
    return report


async def _send(door: Door, mutator: Mutator, report: Report, until: int) -> None:
    attacks = 0
    while report.sent < until:
        if attacks % _STEADY_EVERY == 0:
            await _noted(door.steady(), report)
        report.sent += await _noted(door.attack(mutator), report) or 1
        attacks += 1
    await _noted(door.steady(), report)


async def _noted(work: Awaitable[T], report: Report) -> T | None:
    """What comes of it; what goes wrong in it is told."""
    try:
        async with asyncio.timeout(_LONGEST_S):
            return await work
    except Exception as err:  # noqa: BLE001 - all of them are told
        report.wrong[f"{type(err).__name__}: {str(err)[:200]}"] += 1
        return None


async def _state(door: Door, settle_s: float, before: Counter[str] | None = None) -> Counter[str]:
    """Once no more is there than before, or too late. Some calls take their leave for seconds."""
    await door.settle()
    for _ in range(int(settle_s / _LOOK_S)):
        await asyncio.sleep(_LOOK_S)
        now = _there_is(door)
        if now["calls"] <= 1 if before is None else not now - before:
            break
    gc.collect()
    return _there_is(door)


def _there_is(door: Door) -> Counter[str]:
    tasks = len(asyncio.all_tasks())
    return Counter({"tasks": tasks, "files": _open_files(), "calls": door.going_on})


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _memory_kib() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> None:
    """Every adapter that is named, or all; fails where one of them did."""
    from tests.ivr.gateways.fuzzing.targets import TARGETS  # noqa: PLC0415 - it imports this module

    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=main.__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *TARGETS], default=[])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    told = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    is_right = True
    for name in told.names or TARGETS:
        report = asyncio.run(fuzz(TARGETS[name], count=told.count, seed=told.seed))
        print(f"{name}: {report}", flush=True)  # noqa: T201 - what it is for
        is_right = is_right and is_clean(report)
    sys.exit(0 if is_right else 1)


def is_clean(report: Report, *, most_kib: int = 32 * 1024) -> bool:
    """Nothing crashed, hung or stayed behind."""
    return not report.wrong and not report.left and report.grown_kib <= most_kib


if __name__ == "__main__":
    main()
