"""Who goes first: priority, and what waiting adds to it.

Everybody ages alike, so the order of two callers never changes while both wait. Each has a rank
that stays: the time at which they would have come, had they come with priority 0.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.queue.entry import Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What waiting is worth."""

    points_per_minute: float = 2.0
    """More than 0, or whoever has no priority might wait for ever."""

    @property
    def point(self) -> timedelta:
        """The waiting that one step of priority is worth."""
        return timedelta(minutes=1) / self.points_per_minute

    def rank(self, priority: int, joined_at: datetime) -> int:
        """Microseconds since 1970; lower goes first."""
        return (joined_at - _EPOCH) // _MICROSECOND - priority * (self.point // _MICROSECOND)

    def priority(self, entry: Entry, now: datetime) -> float:
        """The priority that waiting has brought the caller to; may pass 100."""
        return entry.priority + max(timedelta(), now - entry.joined_at) / self.point

    def in_order(self, entry: Entry) -> tuple[int, datetime, str]:
        """To sort by: oldest first among equals."""
        return (self.rank(entry.priority, entry.joined_at), entry.joined_at, entry.id)
