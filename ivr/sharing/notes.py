"""The port to small things that one worker notes and another one reads."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What is noted, as a code."""

    PROMPT = "prompt"
    ANNOUNCED = "announced"
    TICKET = "ticket"


KEEP = {
    Kind.PROMPT: timedelta(minutes=5),
    Kind.ANNOUNCED: timedelta(minutes=2),
    Kind.TICKET: timedelta(minutes=2),
}


class Notes(Protocol):
    """By kind and name, for so long. Methods raise StoreUnavailable."""

    def put(self, kind: Kind, name: str, value: bytes, now: datetime) -> None: ...

    def find(self, kind: Kind, name: str, now: datetime) -> bytes | None:
        """None for what was never there, or too long ago."""

    def redeem(self, kind: Kind, name: str, now: datetime) -> bytes | None:
        """As `find`, and for one alone."""

    def expire(self, now: datetime) -> int:
        """Forget the old ones; how many."""
