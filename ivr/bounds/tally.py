"""How often something went wrong: plain counts, to be read by whoever watches over the service."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock


class Tally:
    """Counts by what happened and where. One per process; every thread may count."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def count(self, what: str, where: str = "", times: int = 1) -> None:
        """`what` and `where` are codes out of the program, never anything of a call's."""
        with self._lock:
            self._counts[what, where] += times

    def of(self, what: str, where: str = "") -> int:
        with self._lock:
            return self._counts[what, where]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Everything so far, since the process began."""
        with self._lock:
            return dict(self._counts)
