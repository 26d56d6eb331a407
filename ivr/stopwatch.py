"""How long each room took."""

from collections.abc import Callable
from time import perf_counter_ns
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_NS_A_MS = 1_000_000


class Stopwatch:
    """Started when made; times one turn."""

    def __init__(self) -> None:
        self._started_ns = perf_counter_ns()
        self._rooms_ms: dict[str, int] = {}

    def time(self, room: str, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do the work and add how long it took to what `room` took before."""
        started_ns = perf_counter_ns()
        try:
            return work(*args, **kwargs)
        finally:
            took_ms = (perf_counter_ns() - started_ns) // _NS_A_MS
            self._rooms_ms[room] = self._rooms_ms.get(room, 0) + took_ms

    def rooms_ms(self) -> dict[str, int]:
        return dict(self._rooms_ms)

    def total_ms(self) -> int:
        return (perf_counter_ns() - self._started_ns) // _NS_A_MS
