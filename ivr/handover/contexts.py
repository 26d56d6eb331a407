"""The port to what is known about calls that were handed over."""

import hashlib
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

    def of_digest(self, token_digest: str, now: datetime) -> Context | None:
        """By the token's SHA-256 in hexadecimal, as the queue keeps it for whoever claims."""

    def expire(self, now: datetime) -> int:
        """Forget the old ones; how many."""


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
