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
    queues: frozenset[str]
    languages: frozenset[Language]
    skills: frozenset[str] = frozenset()


class WaitingRoom(Protocol):
    """Callers who wait, in order. Every thread and process may use the same one.

    Methods raise StoreUnavailable when the order cannot be read or kept; nothing has changed then.
    """

    def join(self, entry: Entry) -> Entry:
        """Let a caller wait. The same call joins once: a second time gives what is there."""

    def claim_next(self, able: Able, now: datetime) -> Entry | None:
        """The first that `able` can take, for them alone; None where nobody waits."""

    def claim(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        """This one, for `agent` alone; None where somebody else has it or the caller has gone.

        Whoever claims what is theirs already is given it again.
        """

    def move(self, entry: EntryId, *, queue: str, priority: int, reason: str) -> Entry | None:
        """To another queue or priority, with the same beginning; None where it is over.

        A claimed one is free again.
        """

    def finish(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        """The person is done. None where it is not theirs."""

    def release(self, entry: EntryId, agent: AgentId) -> Entry | None:
        """Back to where it was in the queue. None where it is not theirs."""

    def leave(self, token: ContextToken, now: datetime) -> Entry | None:
        """The caller hung up. Whoever is taken or over stays as it is."""

    def call_back(self, token: ContextToken) -> Entry | None:
        """The caller hangs up and keeps the place."""

    def find(self, entry: EntryId) -> Entry | None: ...

    def of_token(self, token: ContextToken) -> Entry | None: ...

    def waiting(self, queues: Collection[str] = (), *, now: datetime) -> tuple[Entry, ...]:
        """Those who can be claimed, first to go first; of some queues where they are named."""

    def claimed(self, agent: AgentId | None = None) -> tuple[Entry, ...]:
        """Those who are being served; of one person where named."""
