"""A system that fails again and again is left alone for a while."""

from threading import Lock


class Breaker:
    """Counts failures in a row. One a system, shared by every thread."""

    def __init__(self, *, failures: int, pause_s: float) -> None:
        """After so many `failures` in a row nothing is asked for `pause_s`; then one may try."""
        self._most, self._pause_s = failures, pause_s
        self._failures = 0
        self._closed_until = 0.0
        self._lock = Lock()

    def may_ask(self, now: float) -> bool:
        """`now` in seconds of an even clock; a yes is also the leave for the one that tries."""
        with self._lock:
            if self._failures < self._most:
                return True
            if now < self._closed_until:
                return False
            # Others wait until the one that tries has come back.
            self._closed_until = now + self._pause_s
            return True

    def is_open(self) -> bool:
        """Whether the system is being left alone."""
        with self._lock:
            return self._failures >= self._most

    def failed(self, now: float) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._closed_until = now + self._pause_s

    def answered(self) -> None:
        with self._lock:
            self._failures = 0
