"""How long each room took."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter_ns, time_ns
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_NS_A_MS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One piece of work of a room."""

    room: str
    began_ns: int
    """Since the turn began."""

    took_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a turn was worked on."""

    began_ns: int
    """Of the wall clock, since 1970."""

    total_ns: int
    laps: tuple[Lap, ...]
    """In the order in which they ended; some overlap."""


class Stopwatch:
    """Started when made; times one turn. Threads may share it."""

    def __init__(self) -> None:
        self._began_ns = time_ns()
        self._started_ns = perf_counter_ns()
        self._laps: list[Lap] = []

    def time(self, room: str, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do the work and add how long it took to what `room` took before."""
        started_ns = perf_counter_ns()
        try:
            return work(*args, **kwargs)
        finally:
            lap = Lap(
                room=room,
                began_ns=started_ns - self._started_ns,
                took_ns=perf_counter_ns() - started_ns,
            )
            self._laps.append(lap)

    def rooms_ms(self) -> dict[str, int]:
        took_ms: dict[str, int] = {}
        for lap in tuple(self._laps):
            took_ms[lap.room] = took_ms.get(lap.room, 0) + lap.took_ns // _NS_A_MS
        return took_ms

    def total_ms(self) -> int:
        return self._total_ns() // _NS_A_MS

    def times(self) -> Times:
        """Everything so far."""
        return Times(began_ns=self._began_ns, total_ns=self._total_ns(), laps=tuple(self._laps))

    def _total_ns(self) -> int:
        return perf_counter_ns() - self._started_ns
