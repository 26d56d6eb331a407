"""What people leave with a call for whoever takes it next."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that somebody wrote down."""

    by: str
    """The id of their account."""

    at: datetime
    """Aware, UTC."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """About one call. They are kept as long as its context, and sealed like it."""

    is_somebody_else: bool = False
    """Not who the machine thought: nothing of that customer is shown any more."""

    notes: tuple[Note, ...] = ()


class RemarkBook(Protocol):
    """By the digest of a context's token. Methods raise StoreUnavailable."""

    def find(self, token_digest: str, now: datetime) -> Remarks:
        """Empty where nothing was said, or too long ago."""

    def put(self, token_digest: str, remarks: Remarks, now: datetime) -> None: ...

    def expire(self, now: datetime) -> int:
        """Forget the old ones; how many."""
