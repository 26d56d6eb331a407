"""Waiting for something that happens elsewhere."""

from collections.abc import Callable
from threading import Event
from time import monotonic


def until(is_so: Callable[[], object], *, within_s: float = 10.0, every_s: float = 0.002) -> None:
    """Return once it is so; an AssertionError where that takes too long."""
    latest = monotonic() + within_s
    while not is_so():
        assert monotonic() < latest, "it did not happen"
        Event().wait(every_s)
