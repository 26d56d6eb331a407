"""Who is at their desk, and whether they take calls now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from ivr.people.person import PersonId

UNSEEN_AFTER = timedelta(seconds=45)
"""Whose desk has not asked for so long is away."""


class Status(StrEnum):
    """What somebody at a desk does."""

    AVAILABLE = "available"
    BREAK = "break"
    LUNCH = "lunch"
    PAPERWORK = "paperwork"
    TRAINING = "training"
    MEETING = "meeting"


PAUSES = tuple(one for one in Status if one is not Status.AVAILABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody's desk."""

    person: PersonId
    status: Status
    since: datetime
    """Aware, UTC; as below."""

    seen_at: datetime

    @property
    def takes_calls(self) -> bool:
        return self.status is Status.AVAILABLE


class Presences(Protocol):
    """Shared by threads and processes. Methods raise StoreUnavailable."""

    def of(self, person: PersonId) -> Presence | None: ...

    def put(self, presence: Presence) -> None: ...

    def seen(self, person: PersonId, now: datetime) -> None:
        """The desk asked for something; who has no presence yet is left so."""

    def here(self, now: datetime) -> tuple[Presence, ...]:
        """Whoever was seen lately, by id."""

    def gone(self, person: PersonId) -> None:
        """Signed out."""
