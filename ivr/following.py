"""What is in use, read anew in the background when the files that it comes from change."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from ivr.errors import CallProblem

_log = logging.getLogger(__name__)

_Thing = TypeVar("_Thing")

Stamp = tuple[tuple[str, int, int], ...]
"""Name, time of change in nanoseconds and size of each file; other stamps, other contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Generic[_Thing]):
    """Where it comes from."""

    stamp: Callable[[], Stamp]
    """What the files look like now; cheap."""

    learn: Callable[[], _Thing]
    """Reads the files and makes something of them; may take seconds, raises CallProblem."""


def stamp_of(files: Sequence[Path]) -> Stamp:
    """Of the files that are there."""
    found = []
    for file in files:
        with contextlib.suppress(OSError):
            status = file.stat()
            found.append((file.name, status.st_mtime_ns, status.st_size))
    return tuple(found)


def in_background(work: Callable[[], None]) -> None:
    """Run it on a thread that keeps no process alive."""
    threading.Thread(target=work, name="learning", daemon=True).start()


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Following(Generic[_Thing]):
    """Whatever is in use. Calls that have begun a turn finish it with the one they got.

    A file that cannot be used changes nothing: the old one stays, a warning says which code, and
    the file is read again when it changes again.
    """

    def __init__(
        self,
        source: Source[_Thing],
        *,
        what: str,
        clock_ms: Callable[[], int] = _now_ms,
        look_every_ms: int = 2_000,
        start: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        """Read it for the first time. `what` is its name in the log.

        Raises:
            CallProblem: the files cannot be used; there is no older one to keep.
        """
        self._source, self._what, self._clock_ms = source, what, clock_ms
        self._look_every_ms, self._start = look_every_ms, start
        self._lock = threading.Lock()
        self._seen = source.stamp()
        self._thing = source.learn()
        self._looked_ms = clock_ms()
        self._is_learning = False

    @property
    def current(self) -> _Thing:
        """The one to use for this turn; never waits for a newer one."""
        if self._should_learn():
            self._start(self._learn)
        return self._thing

    def _should_learn(self) -> bool:
        with self._lock:
            now = self._clock_ms()
            if self._is_learning or now - self._looked_ms < self._look_every_ms:
                return False
            self._looked_ms = now
            stamp = self._source.stamp()
            if stamp == self._seen:
                return False
            self._seen, self._is_learning = stamp, True
            return True

    def _learn(self) -> None:
        try:
            self._thing = self._source.learn()
            _log.info("read anew", extra={"what": self._what})
        except CallProblem as err:
            _log.warning("changed and not used", extra={"what": self._what, "code": err.code})
        finally:
            with self._lock:
                self._is_learning = False
