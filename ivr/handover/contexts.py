"""The port to what is known about calls that were handed over."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ivr.handover.context import Context


class Judged(StrEnum):
    """What the person who took a call says about the machine's part in it."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Contexts(Protocol):
    """Contexts by token, sealed and for a while. Methods raise StoreUnavailable."""

    def put(self, token: str, context: Context) -> None: ...

    def find(self, token: str, now: datetime) -> Context | None:
        """None where there is none (any more)."""

    def expire(self, now: datetime) -> int:
        """Forget the old ones; how many."""
