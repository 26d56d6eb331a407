"""Who is at their desk: whether they take calls, and that their calls are not forgotten."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.people.person import PersonId
from ivr.people.presence import Presence, Presences, Status
from ivr.queue.entry import AgentId, Entry
from ivr.queue.waiting import WaitingRoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Every thread may use it. Methods raise StoreUnavailable: nothing has changed then."""

    room: WaitingRoom
    presences: Presences
    clock: Callable[[], datetime]

    def arrive(self, person: PersonId) -> Presence:
        """At the desk; whoever comes to it first takes calls."""
        now = self.clock()
        found = self.presences.of(person)
        new = Presence(person=person, status=Status.AVAILABLE, since=now, seen_at=now)
        there = replace(found, seen_at=now) if found else new
        self.presences.put(there)
        self.room.heard_of(AgentId(person), now)
        return there

    def is_there(self, person: PersonId) -> int:
        """The desk is open still, so that no claim lapses; how many calls are in hand."""
        now = self.clock()
        self.presences.seen(person, now)
        return self.room.heard_of(AgentId(person), now)

    def set_status(self, person: PersonId, status: Status) -> None:
        now = self.clock()
        self.presences.put(Presence(person=person, status=status, since=now, seen_at=now))

    def held(self, person: PersonId) -> tuple[Entry, ...]:
        """Calls that this person has taken."""
        return self.room.claimed(AgentId(person), now=self.clock())

    def colleagues(self, person: PersonId) -> tuple[PersonId, ...]:
        """Who else takes calls now."""
        here = self.presences.here(self.clock())
        return tuple(one.person for one in here if one.takes_calls and one.person != person)

    def leave(self, person: PersonId) -> None:
        """Signed out."""
        self.presences.gone(person)
