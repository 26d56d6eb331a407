"""Presences in a database, through SQLAlchemy."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    MetaData,
    Row,
    String,
    Table,
    delete,
    select,
    update,
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
from ivr.people.person import PersonId
from ivr.people.presence import UNSEEN_AFTER, Presence, Status

_METADATA = MetaData()
_PRESENCES = Table(
    "people_presences",
    _METADATA,
    Column("person", String(32), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("since", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)


class SqlPresences:
    """Presences in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def of(self, person: PersonId) -> Presence | None:
        with reading(self._engine) as connection:
            row = connection.execute(
                select(_PRESENCES).where(_PRESENCES.c.person == person)
            ).first()
        return _presence(row) if row else None

    def put(self, presence: Presence) -> None:
        values = {
            "status": presence.status,
            "since": plain(presence.since),
            "seen_at": plain(presence.seen_at),
        }
        new = insert_or(self._engine, _PRESENCES).values(person=presence.person, **values)
        change = new.on_conflict_do_update(index_elements=[_PRESENCES.c.person], set_=values)
        with writing(self._engine) as connection:
            connection.execute(change)

    def seen(self, person: PersonId, now: datetime) -> None:
        change = update(_PRESENCES).where(_PRESENCES.c.person == person)
        with writing(self._engine) as connection:
            connection.execute(change.values(seen_at=plain(now)))

    def here(self, now: datetime) -> tuple[Presence, ...]:
        is_here = _PRESENCES.c.seen_at > plain(now - UNSEEN_AFTER)
        wanted = select(_PRESENCES).where(is_here).order_by(_PRESENCES.c.person)
        with reading(self._engine) as connection:
            return tuple(map(_presence, connection.execute(wanted)))

    def gone(self, person: PersonId) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(_PRESENCES).where(_PRESENCES.c.person == person))

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _PRESENCES)
        return engine


def _presence(row: Row[Any]) -> Presence:
    """A status from a later version takes no calls in this one."""
    return Presence(
        person=PersonId(row.person),
        status=Status(row.status) if row.status in set(Status) else Status.BREAK,
        since=aware(row.since),
        seen_at=aware(row.seen_at),
    )
