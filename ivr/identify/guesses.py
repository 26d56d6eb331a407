"""What callers made of guesses about the reason of their call, and its twin in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often guesses about one kind of event were right, and how often wrong."""

    right: int = 0
    wrong: int = 0


class Feedback(Protocol):
    """Learns from guesses. Every method raises StoreUnavailable when it cannot.

    Counts are of a business and a kind of event, never of a customer. A mark stands for one event
    of one customer, and nobody without the key can tell for which.
    """

    def record(self, business: str, kind: str, *, is_right: bool, at: datetime, mark: str) -> None:
        """Count it; a wrong guess leaves its mark, so that it is not made again."""

    def counts(self, business: str) -> Mapping[str, Tally]:
        """By kind of event."""

    def refused(self, marks: Collection[str]) -> frozenset[str]:
        """Which of these marks a wrong guess has left."""


class MemoryFeedback:
    """Feedback for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._marks: set[str] = set()
        self._lock = Lock()

    def record(self, business: str, kind: str, *, is_right: bool, at: datetime, mark: str) -> None:
        del at
        with self._lock:
            before = self._tallies.get((business, kind), Tally())
            self._tallies[business, kind] = Tally(
                right=before.right + is_right, wrong=before.wrong + (not is_right)
            )
            if not is_right:
                self._marks.add(mark)

    def counts(self, business: str) -> Mapping[str, Tally]:
        with self._lock:
            found = self._tallies.items()
            return {kind: tally for (whose, kind), tally in found if whose == business}

    def refused(self, marks: Collection[str]) -> frozenset[str]:
        with self._lock:
            return frozenset(marks) & self._marks
