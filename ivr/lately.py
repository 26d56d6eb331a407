"""What is remembered for a while, and no longer."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
K_contra = TypeVar("K_contra", bound=Hashable, contravariant=True)
T = TypeVar("T")


class Remembered(Protocol[K_contra, T]):
    """Things by name, for a while. Every thread may use them."""

    def put(self, name: K_contra, value: T) -> None: ...

    def get(self, name: K_contra) -> T | None:
        """None for what was never there, or too long ago."""


class Lately(Generic[K, T]):
    """So many things by name, for so long; the oldest go first. Safe from every thread."""

    def __init__(self, keep: timedelta, clock: Callable[[], datetime], *, most: int) -> None:
        self._keep = keep
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[K, tuple[datetime, T]] = OrderedDict()
        self._lock = Lock()

    def put(self, name: K, value: T) -> None:
        now = self._clock()
        with self._lock:
            self._kept[name] = (now, value)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most or self._oldest() < now - self._keep:
                self._kept.popitem(last=False)

    def get(self, name: K) -> T | None:
        """None for what was never there, or too long ago."""
        with self._lock:
            at, value = self._kept.get(name, (None, None))
        return value if at is not None and self._clock() - at <= self._keep else None

    def _oldest(self) -> datetime:
        return next(iter(self._kept.values()))[0]
