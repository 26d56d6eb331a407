"""Sessions in a database, through SQLAlchemy."""

from datetime import datetime
from functools import cached_property

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)

from biometrics.storage.database import aware, make_missing, open_engine, plain, reading, writing
from ivr.people.person import PersonId
from ivr.people.session import Session

_METADATA = MetaData()
_SESSIONS = Table(
    "people_sessions",
    _METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("person", String(32), nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("began_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)


class SqlSessions:
    """Sessions in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def open(self, session: Session) -> None:
        row = {
            "digest": session.digest,
            "person": session.person,
            "epoch": session.epoch,
            "began_at": plain(session.began_at),
            "seen_at": plain(session.seen_at),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(_SESSIONS).values(**row))

    def find(self, digest: bytes) -> Session | None:
        wanted = select(_SESSIONS).where(_SESSIONS.c.digest == digest)
        with reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        return Session(
            digest=row.digest,
            person=PersonId(row.person),
            epoch=row.epoch,
            began_at=aware(row.began_at),
            seen_at=aware(row.seen_at),
        )

    def touch(self, digest: bytes, now: datetime) -> None:
        seen = update(_SESSIONS).where(_SESSIONS.c.digest == digest)
        with writing(self._engine) as connection:
            connection.execute(seen.values(seen_at=plain(now)))

    def end(self, digest: bytes) -> bool:
        with writing(self._engine) as connection:
            gone = delete(_SESSIONS).where(_SESSIONS.c.digest == digest)
            return bool(connection.execute(gone).rowcount)

    def end_all(self, person: PersonId) -> int:
        with writing(self._engine) as connection:
            return connection.execute(
                delete(_SESSIONS).where(_SESSIONS.c.person == person)
            ).rowcount

    def expire(self, *, began_before: datetime, seen_before: datetime) -> int:
        is_old = or_(
            _SESSIONS.c.began_at < plain(began_before), _SESSIONS.c.seen_at < plain(seen_before)
        )
        with writing(self._engine) as connection:
            return connection.execute(delete(_SESSIONS).where(is_old)).rowcount

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _SESSIONS)
        return engine
