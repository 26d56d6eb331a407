"""What became of callers who waited, told to the journal: also of those who left."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr.journal.journal import Journal, Later
from ivr.queue.entry import Entry, State
from ivr.queue.waiting import WaitingRoom

_AT_FIRST = timedelta(days=1)
"""What came to an end while nothing ran."""

_OVERLAP = timedelta(minutes=2)
"""A call may be over before it was written down."""


@dataclass(kw_only=True)
class Waited:
    """One per process; several may tell the same."""

    journal: Callable[[], Journal]
    room: Callable[[], WaitingRoom]
    _since: datetime | None = field(default=None, init=False)

    def tell(self, now: datetime) -> int:
        """Of everybody whose waiting has come to an end since it was last told; how many.

        Raises:
            StoreUnavailable: it is told the next time.
        """
        over = self.room().over_since(self._since or now - _AT_FIRST)
        for entry in over:
            self.journal().add_later(entry.token_digest, later_of(entry))
        self._since = now - _OVERLAP
        return len(over)


def later_of(entry: Entry) -> Later:
    """Times from the queue; what people say of the call is not in it."""
    is_lost = entry.state is State.ABANDONED
    taken_at = entry.left_at if is_lost else entry.claimed_at
    return Later(
        waited_ms=_ms(entry.joined_at, taken_at),
        is_abandoned=is_lost,
        handled_ms=None if is_lost else _ms(entry.claimed_at, entry.left_at),
    )


def _ms(since: datetime | None, until: datetime | None) -> int | None:
    if since is None or until is None:
        return None
    return max(0, (until - since) // timedelta(milliseconds=1))
