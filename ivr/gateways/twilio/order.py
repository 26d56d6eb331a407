"""Pieces of sound that overtook each other, put into order by their numbers."""

from typing import Generic, TypeVar

T = TypeVar("T")

MOST_HELD = 3
"""60 ms: whoever waits longer for a piece that is lost hears the caller too late."""


class InOrder(Generic[T]):
    """Of one stream. Never shared; holds nothing back while nothing is missing."""

    def __init__(self) -> None:
        self._latest: int | None = None
        self._held: dict[int, T] = {}

    def take(self, number: int | None, piece: T) -> list[T]:
        """What can be heard now. What has no number, or comes too late, is not held."""
        if number is None or (self._latest is not None and number <= self._latest):
            return [piece]
        self._held[number] = piece
        if self._latest is None or len(self._held) > MOST_HELD:
            self._latest = min(self._held) - 1
        return self._released()

    def _released(self) -> list[T]:
        found = []
        while self._latest is not None and self._latest + 1 in self._held:
            self._latest += 1
            found.append(self._held.pop(self._latest))
        return found
