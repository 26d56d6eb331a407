"""The port to the callers who wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.call import Language
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """What somebody at a desk can take."""

    agent: AgentId
    queues: frozenset[str] | None
    """None is every queue; an empty set is none."""

    languages: frozenset[Language]
    skills: frozenset[str] = frozenset()

    def can_take(self, entry: Entry) -> bool:
        return (
            (self.queues is None or entry.queue in self.queues)
            and entry.language in self.languages
            and entry.skills <= self.skills
        )


class WaitingRoom(Protocol):
    """Callers who wait, in order. Every thread and process may use the same one.

    A claim lapses when its claimant is not heard of for a while: then whoever looks next finds
    the caller waiting again, at the old place. Every claim, release and `heard_of` counts as
    being heard of. A claim on a caller who is `connected` holds until the caller hangs up.

    Methods raise StoreUnavailable when the order cannot be read or kept; nothing has changed then.
    """

    def join(self, entry: Entry) -> Entry:
        """Let a caller wait. The same call joins once: a second time gives what is there.

        A call whose id belonged to one that is over is another call, unless it has its token.
        The token comes back where it is the one that the call joined with, else an empty one.

        Raises:
            ValueError: another call has this id or token already.
        """

    def claim_next(self, able: Able, now: datetime) -> Entry | None:
        """The first that `able` can take, for them alone; None where nobody waits."""

    def claim(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        """This one, for `agent` alone; None where somebody else has it or the caller has gone.

        Whoever claims what is theirs already is given it again.
        """

    def connected(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        """Caller and agent talk with each other. None where it is not theirs."""

    def heard_of(self, agent: AgentId, now: datetime) -> int:
        """The agent is there; how many they hold."""

    def move(  # noqa: PLR0913 - a move in its parts
        self,
        entry: EntryId,
        *,
        queue: str,
        priority: int,
        reason: str,
        skills: frozenset[str] | None = None,
        seen: int | None = None,
    ) -> Entry | None:
        """To another queue or priority, with the same beginning; None where it is over.

        A claimed one is free again. `skills` are what the other queue needs; None leaves them.
        With `seen`, only where that is its version still: whoever
        moves what waits must not take it from somebody who has just claimed it.
        """

    def finish(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        """The person is done. None where it is not theirs."""

    def release(self, entry: EntryId, agent: AgentId) -> Entry | None:
        """Back to where it was in the queue. None where it is not theirs.

        A caller who has hung up meanwhile, and is not to be rung, has abandoned it.
        """

    def pass_on(self, entry: EntryId, agent: AgentId, to: AgentId, now: datetime) -> Entry | None:
        """From `agent` to a colleague, whom nobody comes before.

        None where it is not theirs, or the caller has hung up and is not to be rung.
        """

    def leave(self, token: ContextToken, now: datetime) -> Entry | None:
        """The caller hung up. Whoever is taken, over or to be rung back stays so."""

    def call_back(self, token: ContextToken) -> Entry | None:
        """The caller hangs up and keeps the place. Whoever is taken or over stays so."""

    def find(self, entry: EntryId) -> Entry | None: ...

    def of_token(self, token: ContextToken) -> Entry | None: ...

    def waiting(self, queues: Collection[str] = (), *, now: datetime) -> tuple[Entry, ...]:
        """Those who can be claimed, first to go first; of some queues where they are named."""

    def claimed(
        self, agent: AgentId | None = None, *, now: datetime | None = None
    ) -> tuple[Entry, ...]:
        """Those who are being served; of one person where named. With `now`, no lapsed ones."""

    def over_since(self, moment: datetime) -> tuple[Entry, ...]:
        """Those who were finished or gave up from then on, the earliest first."""

    def forget_before(self, moment: datetime) -> int:
        """Delete those who were over earlier; how many."""
