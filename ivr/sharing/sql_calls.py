"""Calls that workers share in a database, through SQLAlchemy; what is said in them is sealed."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    String,
    Table,
    delete,
    or_,
    select,
    update,
)

from biometrics import StoreUnavailable
from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.call import CallId
from ivr.sharing.calls import Held, Seen
from ivr.sharing.place import Lease, Place, given_back, is_broken, is_held, taken
from ivr.sharing.seal import NamingSeal

log = logging.getLogger(__name__)

T = TypeVar("T")

_AT_ONCE = 20
"""Calls without a worker that are taken in hand by one look."""

_CALLS = Table(
    "shared_calls",
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("heard_at", DateTime, nullable=False),
    Column("holder", String(64), nullable=False),
    Column("held_until", DateTime),
    Column("turn", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("has_left", Boolean, nullable=False),
    Column("was_asked", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
_C = _CALLS.c
Index("shared_calls_held", _C.held_until)
Index("shared_calls_heard", _C.heard_at)


class Written(Protocol[T]):
    """What is kept of a call as bytes, and back; what is read raises StoreUnavailable."""

    def write(self, call_id: CallId, kept: T) -> bytes: ...

    def read(self, data: bytes) -> tuple[CallId, T]: ...


class SqlCalls(Generic[T]):
    """One worker's hands on calls in SQLite or PostgreSQL.

    A change reads the row and writes it in one transaction that nobody comes between: SQLite lets
    one writer in at a time, PostgreSQL locks the row.
    """

    def __init__(
        self,
        database: str | Engine,
        seal: NamingSeal,
        written: Written[T],
        *,
        worker: str,
        lease: Lease | None = None,
    ) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._seal = seal
        self._written = written
        self._worker = worker
        self._lease = lease or Lease()
        self._in_hand: set[str] = set()
        self._lock = Lock()

    def hold(
        self, call_id: CallId, now: datetime, begins: Callable[[], T], *, turn: str = ""
    ) -> Held[T] | None:
        name = self._seal.name(call_id)
        with writing(self._engine) as connection:
            row = _one(connection, name)
            if row is None:
                new = Place(name=name, heard_at=now)
                values = self._values(new, call_id, begins())
                added = insert_or(self._engine, _CALLS).values(**values)
                connection.execute(added.on_conflict_do_nothing())
                row = _one(connection, name)
            if row is None or is_held(place := _place(row), now):
                return None
            return self._taken(connection, row, place, now, turn)

    def seize(self, call_id: CallId, now: datetime) -> Held[T] | None:
        with writing(self._engine) as connection:
            row = _one(connection, self._seal.name(call_id))
            return self._taken(connection, row, _place(row), now) if row is not None else None

    def keep(self, held: Held[T], kept: T, now: datetime, *, is_free: bool) -> Place | None:
        with writing(self._engine) as connection:
            row = _one(connection, held.place.name)
            if row is None or row.version != held.place.version:
                self._let_go(held.place.name)
                return None
            place = replace(_place(row), heard_at=now)
            place = given_back(place) if is_free else place
            _write(connection, self._values(place, held.call_id, kept))
        if is_free:
            self._let_go(held.place.name)
        return place

    def give_back(self, held: Held[T]) -> None:
        self._let_go(held.place.name)
        if held.was_broken:
            return
        free = update(_CALLS).where(_is_mine(held)).values(holder="", held_until=None, turn="")
        with writing(self._engine) as connection:
            connection.execute(free)

    def drop(self, held: Held[T]) -> bool:
        self._let_go(held.place.name)
        with writing(self._engine) as connection:
            return bool(connection.execute(delete(_CALLS).where(_is_mine(held))).rowcount)

    def see(self, call_id: CallId, now: datetime) -> Seen[T] | None:
        with reading(self._engine) as connection:
            row = connection.execute(_named(self._seal.name(call_id))).first()
        if row is None:
            return None
        place = _place(row)
        return Seen(
            kept=self._read(row)[1],
            place=place,
            is_held=is_held(place, now),
            is_broken=is_broken(place, now),
        )

    def leave(self, call_id: CallId, now: datetime) -> Held[T] | None:
        name = self._seal.name(call_id)
        with writing(self._engine) as connection:
            row = _one(connection, name)
            if row is None:
                return None
            place = replace(_place(row), has_left=True)
            if not is_held(place, now):
                return self._taken(connection, row, place, now)
            _write(connection, _columns(place))
            return None

    def asked(self, call_id: CallId) -> None:
        its_row = _C.name == self._seal.name(call_id)
        with writing(self._engine) as connection:
            connection.execute(update(_CALLS).where(its_row).values(was_asked=True))

    def beat(self, now: datetime) -> int:
        with self._lock:
            mine = sorted(self._in_hand)
        if not mine:
            return 0
        ours = _C.name.in_(mine) & (_C.holder == self._worker)
        until = plain(now + self._lease.holds)
        with writing(self._engine) as connection:
            return connection.execute(update(_CALLS).where(ours).values(held_until=until)).rowcount

    def left_behind(self, now: datetime) -> tuple[Held[T], ...]:
        query = select(_CALLS).where(_is_left_behind(now, self._lease)).order_by(_C.heard_at)
        with reading(self._engine) as connection:
            if connection.execute(query.limit(1)).first() is None:
                return ()
        with writing(self._engine) as connection:
            rows = connection.execute(query.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
            found = [self._taken_if_readable(connection, row, now) for row in rows]
        return tuple(held for held in found if held is not None)

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _CALLS)
        return engine

    def _taken_if_readable(
        self, connection: Connection, row: Row[Any], now: datetime
    ) -> Held[T] | None:
        place = _place(row)
        try:
            return self._taken(connection, row, place, now)
        except StoreUnavailable:
            log.warning("a call cannot be read", extra={"code": "call_unreadable"})
            if now - place.heard_at > self._lease.idle:
                connection.execute(delete(_CALLS).where(_C.name == place.name))
            return None

    def _taken(
        self, connection: Connection, row: Row[Any], place: Place, now: datetime, turn: str = ""
    ) -> Held[T]:
        call_id, kept = self._read(row)
        mine = taken(place, self._worker, now, self._lease, turn)
        _write(connection, _columns(mine))
        with self._lock:
            self._in_hand.add(mine.name)
        return Held(call_id=call_id, place=mine, kept=kept, was_broken=is_broken(place, now))

    def _let_go(self, name: str) -> None:
        """Whatever the database says: a call that is not renewed is found by others."""
        with self._lock:
            self._in_hand.discard(name)

    def _values(self, place: Place, call_id: CallId, kept: T) -> dict[str, Any]:
        sealed = self._seal.seal(self._written.write(call_id, kept), bound_to=_bound(place.name))
        return {**_columns(place), "sealed": sealed}

    def _read(self, row: Row[Any]) -> tuple[CallId, T]:
        return self._written.read(self._seal.unseal(row.sealed, bound_to=_bound(row.name)))


def _named(name: str) -> Select[Any]:
    return select(_CALLS).where(_C.name == name)


def _one(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(_named(name).with_for_update()).first()


def _write(connection: Connection, values: dict[str, Any]) -> None:
    """Whoever calls holds the row."""
    connection.execute(update(_CALLS).where(_C.name == values["name"]).values(**values))


def _is_mine(held: Held[Any]) -> Any:  # noqa: ANN401 - SQLAlchemy's conditions
    return (_C.name == held.place.name) & (_C.version == held.place.version)


def _is_left_behind(now: datetime, lease: Lease) -> Any:  # noqa: ANN401 - as above
    """`place.is_left_behind` as a condition."""
    is_free = _C.held_until.is_(None)
    return or_(
        _C.held_until <= plain(now),
        is_free & _C.has_left.is_(True),
        is_free & (_C.heard_at < plain(now - lease.idle)),
    )


def _columns(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "heard_at": plain(place.heard_at),
        "holder": place.holder,
        "held_until": plain(place.held_until) if place.held_until else None,
        "turn": place.turn,
        "version": place.version,
        "has_left": place.has_left,
        "was_asked": place.was_asked,
    }


def _place(row: Row[Any]) -> Place:
    return Place(
        name=row.name,
        heard_at=aware(row.heard_at),
        holder=row.holder,
        held_until=aware(row.held_until),
        turn=row.turn,
        version=row.version,
        has_left=row.has_left,
        was_asked=row.was_asked,
    )


def _bound(name: str) -> bytes:
    return b"call:" + name.encode()
