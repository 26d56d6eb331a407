"""The callers who wait, in memory: the twin of those in a database."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from threading import RLock

from ivr.queue import changes
from ivr.queue.changes import Lease, Move
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State, digest
from ivr.queue.order import Ageing
from ivr.queue.waiting import Able

DRAWN_TWICE = "Another call has this id or token already."


class MemoryWaitingRoom:
    """Callers for as long as the process lives. Every thread may use it."""

    def __init__(self, ageing: Ageing | None = None, lease: Lease | None = None) -> None:
        self._ageing = ageing or Ageing()
        self._lease = lease or Lease()
        self._entries: dict[EntryId, Entry] = {}
        self._lock = RLock()

    def join(self, entry: Entry) -> Entry:
        new = changes.kept(entry)
        with self._lock:
            there = self._first(one for one in self._all() if changes.is_same_call(one, new))
            if there is None:
                self._refuse_twice(new)
                there = self._keep(new)
        return with_token(there, entry)

    def claim_next(self, able: Able, now: datetime) -> Entry | None:
        with self._lock:
            first = self._first(one for one in self.waiting(now=now) if able.can_take(one))
            return self._change(first, lambda one: changes.claimed(one, able.agent, now))

    def claim(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        with self._lock:
            self._give_back(now)
            return self._change(self.find(entry), lambda one: changes.claimed(one, agent, now))

    def connected(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        return self._change(self.find(entry), lambda one: changes.connected(one, agent, now))

    def heard_of(self, agent: AgentId, now: datetime) -> int:
        with self._lock:
            held = self.claimed(agent, now=now)
            for entry in held:
                if changes.is_worth_noting(entry, self._lease, now):
                    self._keep(changes.heard_of(entry, now))
            return len(held)

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
        there = Move(queue=queue, priority=priority, reason=reason, skills=skills, seen=seen)
        return self._change(self.find(entry), lambda one: changes.moved(one, there))

    def finish(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        return self._change(self.find(entry), lambda one: changes.finished(one, agent, now))

    def release(self, entry: EntryId, agent: AgentId) -> Entry | None:
        return self._change(self.find(entry), lambda one: changes.released(one, agent))

    def pass_on(self, entry: EntryId, agent: AgentId, to: AgentId, now: datetime) -> Entry | None:
        return self._change(self.find(entry), lambda one: changes.passed_on(one, agent, to, now))

    def leave(self, token: ContextToken, now: datetime) -> Entry | None:
        return self._change(self.of_token(token), lambda one: changes.left(one, now))

    def call_back(self, token: ContextToken) -> Entry | None:
        return self._change(self.of_token(token), changes.to_be_rung)

    def find(self, entry: EntryId) -> Entry | None:
        return self._entries.get(entry)

    def of_token(self, token: ContextToken) -> Entry | None:
        wanted = digest(token)
        return self._first(one for one in self._all() if one.token_digest == wanted)

    def waiting(self, queues: Collection[str] = (), *, now: datetime) -> tuple[Entry, ...]:
        self._give_back(now)
        live = (one for one in self._all() if one.is_live and (not queues or one.queue in queues))
        return tuple(sorted(live, key=self._ageing.in_order))

    def claimed(
        self, agent: AgentId | None = None, *, now: datetime | None = None
    ) -> tuple[Entry, ...]:
        if now is not None:
            self._give_back(now)
        taken = (one for one in self._all() if one.state is State.CLAIMED)
        ours = (one for one in taken if agent in (None, one.claimed_by))
        return tuple(sorted(ours, key=lambda one: (one.claimed_at, one.id)))

    def over_since(self, moment: datetime) -> tuple[Entry, ...]:
        over = ((one.left_at, one.id, one) for one in self._all() if one.left_at is not None)
        return tuple(one for left_at, _, one in sorted(over, key=_by_end) if left_at >= moment)

    def forget_before(self, moment: datetime) -> int:
        with self._lock:
            old = [one for one in self._all() if one.left_at is not None and one.left_at < moment]
            for entry in old:
                del self._entries[entry.id]
            return len(old)

    def _change(self, entry: Entry | None, change: Callable[[Entry], Entry | None]) -> Entry | None:
        """By the lock one at a time, on what is there now."""
        with self._lock:
            there = self._entries.get(entry.id) if entry else None
            changed = change(there) if there else None
            return self._keep(changed) if changed else None

    def _give_back(self, now: datetime) -> None:
        with self._lock:
            for entry in self._all():
                if back := changes.lapsed(entry, self._lease, now):
                    self._keep(back)

    def _refuse_twice(self, new: Entry) -> None:
        if new.id in self._entries or any(
            one.token_digest == new.token_digest for one in self._all()
        ):
            raise ValueError(DRAWN_TWICE)

    def _keep(self, entry: Entry) -> Entry:
        self._entries[entry.id] = entry
        return entry

    def _all(self) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(self._entries.values())

    @staticmethod
    def _first(entries: Iterable[Entry]) -> Entry | None:
        return next(iter(entries), None)


def with_token(there: Entry, joining: Entry) -> Entry:
    """The token for whoever brought it, and nobody else."""
    is_theirs = there.token_digest == digest(joining.token)
    return replace(there, token=joining.token) if is_theirs else there


def _by_end(one: tuple[datetime, EntryId, Entry]) -> tuple[datetime, EntryId]:
    return one[:2]
