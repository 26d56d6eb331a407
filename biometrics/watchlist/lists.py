"""Lists of voices that others are compared with, and why that is allowed."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from biometrics.errors import WatchlistUnusable
from biometrics.voiceprint import SubjectId

WatchlistId = NewType("WatchlistId", str)
"""Opaque; begins every id of the list's entries, so that none can be moved to another list."""

_RANDOM_BYTES = 6


class ListPurpose(StrEnum):
    """What a list is for."""

    FRAUD = "fraud"
    """Voices of known fraudsters, entered one by one."""

    DUPLICATES = "duplicates"
    """Everybody who is enrolled and agreed to it: is one person enrolled twice? Nothing is copied,
    so such a list holds no entries of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """Why people may be looked for who do not say who they are, and who answers for that."""

    text: str
    """In words, such as the article and the balance that was struck."""

    decided_by: str
    """Who decided it, as the operator's own files name them."""

    decided_at: datetime
    """Aware."""

    retention_days: int
    """So long it holds; then nobody is looked for, and the list is destroyed."""

    def __post_init__(self) -> None:
        """Refuse a basis that says nothing.

        Raises:
            WatchlistUnusable: words, who decided, or a time of at least a day is missing.
        """
        if not (self.text.strip() and self.decided_by.strip() and self.retention_days > 0):
            raise WatchlistUnusable(
                "A legal basis says what it is, who decided it, and for how many days it holds."
            )

    @property
    def ends_at(self) -> datetime:
        return self.decided_at + timedelta(days=self.retention_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """One list. Its entries are kept apart, each under a key of its own."""

    id: WatchlistId
    name: str
    purpose: ListPurpose
    created_at: datetime
    """Aware."""

    basis: LegalBasis | None = None
    """Without one the list is of no use."""

    @property
    def ends_at(self) -> datetime | None:
        """When it is over; None where nobody decided anything yet."""
        return self.basis.ends_at if self.basis else None

    def why_unusable(self, now: datetime) -> str | None:
        """A sentence, or None where voices may be compared with the list at `now`."""
        if self.basis is None:
            return "No legal basis is recorded for this list; ivr watchlist decide records one."
        if now >= self.basis.ends_at:
            return "The time this list was decided for is over; delete it, or decide again."
        return None

    def check_usable(self, now: datetime) -> None:
        """Asked before anything is done with a voice.

        Raises:
            WatchlistUnusable: no legal basis is recorded, or its time is over.
        """
        if why := self.why_unusable(now):
            raise WatchlistUnusable(why)


def new_list_id() -> WatchlistId:
    """An id that nobody can guess."""
    return WatchlistId(f"list-{secrets.token_hex(_RANDOM_BYTES)}")


def new_entry_id(watchlist: WatchlistId) -> SubjectId:
    """An id for one entry, which stands for its voice as a subject's does."""
    return SubjectId(f"{watchlist}.{secrets.token_hex(_RANDOM_BYTES)}")


def is_of(entry: SubjectId, watchlist: WatchlistId) -> bool:
    """Whether the entry belongs to this list."""
    return entry.startswith(f"{watchlist}.")
