"""Notes in a database, through SQLAlchemy, sealed."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    select,
)

from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.sharing.notes import KEEP, Kind
from ivr.sharing.seal import NamingSeal

_NOTES = Table(
    "shared_notes",
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("until", DateTime, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)


class SqlNotes:
    """Notes in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine, seal: NamingSeal) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._seal = seal

    def put(self, kind: Kind, name: str, value: bytes, now: datetime) -> None:
        row = self._seal.name(f"{kind}:{name}")
        sealed = self._seal.seal(value, bound_to=_bound(row))
        values = {"kind": kind, "until": plain(now + KEEP[kind]), "sealed": sealed}
        insert = insert_or(self._engine, _NOTES).values(name=row, **values)
        change = insert.on_conflict_do_update(index_elements=[_NOTES.c.name], set_=values)
        with writing(self._engine) as connection:
            connection.execute(change)

    def find(self, kind: Kind, name: str, now: datetime) -> bytes | None:
        row = self._seal.name(f"{kind}:{name}")
        with reading(self._engine) as connection:
            found = connection.execute(select(_NOTES).where(_NOTES.c.name == row)).first()
        return self._opened(found, now)

    def redeem(self, kind: Kind, name: str, now: datetime) -> bytes | None:
        row = self._seal.name(f"{kind}:{name}")
        its_row = delete(_NOTES).where(_NOTES.c.name == row)
        with writing(self._engine) as connection:
            found = connection.execute(its_row.returning(*_NOTES.c)).first()
        return self._opened(found, now)

    def expire(self, now: datetime) -> int:
        with writing(self._engine) as connection:
            old = delete(_NOTES).where(_NOTES.c.until < plain(now))
            return connection.execute(old).rowcount

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _NOTES)
        return engine

    def _opened(self, row: Row[Any] | None, now: datetime) -> bytes | None:
        if row is None or now > aware(row.until):
            return None
        return self._seal.unseal(row.sealed, bound_to=_bound(row.name))


def _bound(name: str) -> bytes:
    return b"note:" + name.encode()
