"""The callers who wait, in a database, through SQLAlchemy."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, or_, select, update

from biometrics.storage.database import (
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.queue import changes
from ivr.queue.changes import Lease, Move
from ivr.queue.entry import OVER, AgentId, ContextToken, Entry, EntryId, State, digest
from ivr.queue.memory_waiting import DRAWN_TWICE, with_token
from ivr.queue.order import Ageing
from ivr.queue.waiting import Able
from ivr.queue.waiting_table import (
    ENTRIES,
    entry_of,
    rank_again,
    row_of,
    tell,
    within,
    write,
)

_IN_ORDER = (ENTRIES.c.rank, ENTRIES.c.joined_at, ENTRIES.c.id)
_IS_LIVE = ENTRIES.c.is_live.is_(True)
_IS_CLAIMED = ENTRIES.c.state == State.CLAIMED

_Change = Callable[[Entry], Entry | None]


class SqlWaitingRoom:
    """Callers in SQLite or PostgreSQL. Every thread and process may use the same ones.

    A change reads the row and writes it in one transaction that nobody comes between: SQLite
    lets one writer in at a time, PostgreSQL locks the row. Whoever looks for the next caller
    skips rows that others have locked.
    """

    def __init__(
        self,
        database: str | Engine,
        ageing: Ageing | None = None,
        lease: Lease | None = None,
    ) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._ageing = ageing or Ageing()
        self._lease = lease or Lease()

    def join(self, entry: Entry) -> Entry:
        new = changes.kept(entry)
        added = insert_or(self._engine, ENTRIES).values(**row_of(new, self._ageing))
        with writing(self._engine) as connection:
            connection.execute(added.on_conflict_do_nothing())
            tell(connection)
            there = _one(connection, select(ENTRIES).where(_is_same_call(new)))
        if there is None:
            raise ValueError(DRAWN_TWICE)
        return with_token(there, entry)

    def claim_next(self, able: Able, now: datetime) -> Entry | None:
        self._give_back(now)
        first = select(ENTRIES).where(_IS_LIVE, within(able)).order_by(*_IN_ORDER).limit(1)
        return self._change(
            first, lambda one: changes.claimed(one, able.agent, now), skip_locked=True
        )

    def claim(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        self._give_back(now)
        return self._change_of(entry, lambda one: changes.claimed(one, agent, now))

    def connected(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        return self._change_of(entry, lambda one: changes.connected(one, agent, now))

    def heard_of(self, agent: AgentId, now: datetime) -> int:
        held = self.claimed(agent, now=now)
        if any(changes.is_worth_noting(one, self._lease, now) for one in held):
            theirs = _IS_CLAIMED & (ENTRIES.c.claimed_by == agent)
            with writing(self._engine) as connection:
                beat = update(ENTRIES).where(theirs, _is_old(self._lease, now))
                connection.execute(beat.values(heard_at=plain(now)))
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
        return self._change_of(entry, lambda one: changes.moved(one, there))

    def finish(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        return self._change_of(entry, lambda one: changes.finished(one, agent, now))

    def release(self, entry: EntryId, agent: AgentId) -> Entry | None:
        return self._change_of(entry, lambda one: changes.released(one, agent))

    def pass_on(self, entry: EntryId, agent: AgentId, to: AgentId, now: datetime) -> Entry | None:
        return self._change_of(entry, lambda one: changes.passed_on(one, agent, to, now))

    def leave(self, token: ContextToken, now: datetime) -> Entry | None:
        return self._change(_of_token(token), lambda one: changes.left(one, now))

    def call_back(self, token: ContextToken) -> Entry | None:
        return self._change(_of_token(token), changes.to_be_rung)

    def find(self, entry: EntryId) -> Entry | None:
        return next(iter(self._read(select(ENTRIES).where(ENTRIES.c.id == entry))), None)

    def of_token(self, token: ContextToken) -> Entry | None:
        return next(iter(self._read(_of_token(token))), None)

    def waiting(self, queues: Collection[str] = (), *, now: datetime) -> tuple[Entry, ...]:
        self._give_back(now)
        live = select(ENTRIES).where(_IS_LIVE).order_by(*_IN_ORDER)
        return self._read(live.where(ENTRIES.c.queue.in_(queues)) if queues else live)

    def claimed(
        self, agent: AgentId | None = None, *, now: datetime | None = None
    ) -> tuple[Entry, ...]:
        if now is not None:
            self._give_back(now)
        taken = select(ENTRIES).where(_IS_CLAIMED).order_by(ENTRIES.c.claimed_at, ENTRIES.c.id)
        return self._read(taken.where(ENTRIES.c.claimed_by == agent) if agent else taken)

    def over_since(self, moment: datetime) -> tuple[Entry, ...]:
        since = ENTRIES.c.state.in_(OVER) & (ENTRIES.c.left_at >= plain(moment))
        return self._read(select(ENTRIES).where(since).order_by(ENTRIES.c.left_at, ENTRIES.c.id))

    def forget_before(self, moment: datetime) -> int:
        old = ENTRIES.c.state.in_(OVER) & (ENTRIES.c.left_at < plain(moment))
        with writing(self._engine) as connection:
            return connection.execute(delete(ENTRIES).where(old)).rowcount

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, ENTRIES)
            rank_again(connection, self._ageing)
        return engine

    def _read(self, query: Select[Any]) -> tuple[Entry, ...]:
        with reading(self._engine) as connection:
            return tuple(map(entry_of, connection.execute(query)))

    def _change_of(self, entry: EntryId, change: _Change) -> Entry | None:
        return self._change(select(ENTRIES).where(ENTRIES.c.id == entry), change)

    def _change(
        self, query: Select[Any], change: _Change, *, skip_locked: bool = False
    ) -> Entry | None:
        with writing(self._engine) as connection:
            there = _one(connection, query.with_for_update(skip_locked=skip_locked))
            changed = change(there) if there else None
            if changed is not None and changed is not there:
                write(connection, changed, self._ageing)
        return changed

    def _give_back(self, now: datetime) -> None:
        """Writes only where a claim has lapsed: desks look often."""
        silent = select(ENTRIES).where(_may_have_lapsed(self._lease, now)).order_by(ENTRIES.c.id)
        if not self._read(silent):
            return
        with writing(self._engine) as connection:
            rows = connection.execute(silent.with_for_update(skip_locked=True))
            for row in rows.all():
                if back := changes.lapsed(entry_of(row), self._lease, now):
                    write(connection, back, self._ageing)


def _of_token(token: ContextToken) -> Select[Any]:
    return select(ENTRIES).where(ENTRIES.c.token_digest == digest(token))


def _is_same_call(new: Entry) -> ColumnElement[bool]:
    """`changes.is_same_call` as a condition."""
    is_same = ENTRIES.c.token_digest == new.token_digest
    return or_(ENTRIES.c.open_call == new.call_id, is_same & (ENTRIES.c.call_id == new.call_id))


def _one(connection: Connection, query: Select[Any]) -> Entry | None:
    row = connection.execute(query).first()
    return entry_of(row) if row else None


def _is_old(lease: Lease, now: datetime) -> ColumnElement[bool]:
    """`changes.is_worth_noting` as a condition."""
    return ENTRIES.c.heard_at <= plain(now - lease.notes_every)


def _may_have_lapsed(lease: Lease, now: datetime) -> ColumnElement[bool]:
    """Those who may have; `changes.lapsed` knows."""
    is_talking = ENTRIES.c.is_connected & ENTRIES.c.hung_up_at.is_(None)
    is_silent = ENTRIES.c.heard_at < plain(now - lease.silent)
    is_long = ENTRIES.c.heard_at < plain(now - lease.longest_call)
    return and_(_IS_CLAIMED, is_silent, or_(~is_talking, is_long))
