"""Things of one kind that workers note for each other, and remember themselves."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from biometrics import StoreUnavailable
from ivr.lately import Lately
from ivr.sharing.codec import NotReadable
from ivr.sharing.notes import KEEP, Kind, Notes

log = logging.getLogger(__name__)

T = TypeVar("T")

_MOST = 500

_Find = Callable[[Kind, str, datetime], bytes | None]


class Written(Protocol):
    """Values as bytes, and back; raises NotReadable."""

    def write(self, value: object) -> bytes: ...

    def read(self, data: bytes) -> object: ...


class Plain:
    """Bytes are written as they are."""

    def write(self, value: object) -> bytes:
        if not isinstance(value, bytes):
            raise TypeError("Only bytes are written as they are.")
        return value

    def read(self, data: bytes) -> object:
        return data


class Noted(Generic[T]):
    """What this worker noted is here; what others did is read. A store that is gone takes none."""

    def __init__(
        self,
        kind: Kind,
        notes: Notes,
        written: Written,
        of: type[T],
        clock: Callable[[], datetime],
    ) -> None:
        self._kind = kind
        self._notes = notes
        self._written = written
        self._of = of
        self._clock = clock
        self._own = Lately[str, T](KEEP[kind], clock, most=_MOST)

    def put(self, name: str, value: T) -> None:
        self._own.put(name, value)
        try:
            self._notes.put(self._kind, name, self._written.write(value), self._clock())
        except StoreUnavailable:
            log.warning("other workers are not told", extra={"kind": self._kind.value})

    def get(self, name: str) -> T | None:
        own = self._own.get(name)
        return own if own is not None else self._told(name)

    def _told(self, name: str) -> T | None:
        return self._read(self._notes.find, name)

    def _read(self, find: _Find, name: str) -> T | None:
        try:
            data = find(self._kind, name, self._clock())
            value = None if data is None else self._written.read(data)
        except (StoreUnavailable, NotReadable):
            log.warning("other workers cannot be asked", extra={"kind": self._kind.value})
            return None
        return value if isinstance(value, self._of) else None


class NotedOnce(Noted[T]):
    """What is good for one alone is asked of the store by every worker, whoever noted it."""

    def redeem(self, name: str) -> T | None:
        return self._read(self._notes.redeem, name)
