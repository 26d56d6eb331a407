"""Counts of tries in a database, through SQLAlchemy."""

from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    select,
    update,
)

from biometrics.storage.database import aware, insert_or, make_missing, open_engine, plain, writing
from ivr.people.tries import FORGET_AFTER, Standing, TryKey, TryRule, judged

_METADATA = MetaData()
_TRIES = Table(
    "people_tries",
    _METADATA,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime, nullable=False, index=True),
)


class SqlTries:
    """Counts in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def take(self, key: TryKey, rule: TryRule, now: datetime) -> timedelta:
        with writing(self._engine) as connection:
            self._forget_the_old(connection, now)
            # Whoever comes second waits at this row until the first has counted.
            first = insert_or(self._engine, _TRIES).values(key=key, failures=0, last_at=plain(now))
            connection.execute(first.on_conflict_do_nothing())
            wanted = select(_TRIES).where(_TRIES.c.key == key).with_for_update()
            row = connection.execute(wanted).one()
            kept = Standing(failures=row.failures, last_at=aware(row.last_at))
            found = judged(kept if kept.failures else None, rule, now)
            if isinstance(found, timedelta):
                return found
            counted = {"failures": found.failures, "last_at": plain(found.last_at)}
            connection.execute(update(_TRIES).where(_TRIES.c.key == key).values(**counted))
            return timedelta()

    def give_back(self, key: TryKey) -> None:
        is_counted = and_(_TRIES.c.key == key, _TRIES.c.failures > 0)
        with writing(self._engine) as connection:
            fewer = update(_TRIES).where(is_counted).values(failures=_TRIES.c.failures - 1)
            connection.execute(fewer)

    def clear(self, key: TryKey) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(_TRIES).where(_TRIES.c.key == key))

    def _forget_the_old(self, connection: Connection, now: datetime) -> None:
        connection.execute(delete(_TRIES).where(_TRIES.c.last_at <= plain(now - FORGET_AFTER)))

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _TRIES)
        return engine
