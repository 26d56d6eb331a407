"""Voiceprints in a database, through SQLAlchemy. Nothing else in this package imports it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Executable,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    create_engine,
    delete,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from biometrics.errors import StoreUnavailable, SubjectOptedOut
from biometrics.store import REFUSED, OptedOut
from biometrics.voiceprint import EncoderId, SubjectId, Voiceprint

_BUSY_S = 2
"""How long SQLite waits for another writer: a caller must not wait longer for an answer."""

_ENROLLED = "enrolled"
_OPTED_OUT = "opted_out"
_FLOAT32 = np.dtype("<f4")

_SENTENCES = {
    "SQLITE_BUSY": "The voiceprint store is busy; try again.",
    "SQLITE_LOCKED": "The voiceprint store is busy; try again.",
    "SQLITE_READONLY": "The voiceprint store may not be written to; check its permissions.",
    "SQLITE_FULL": "The disk of the voiceprint store is full; make room on it.",
    "SQLITE_CANTOPEN": "The voiceprint store cannot be opened; check its folder.",
    "SQLITE_CORRUPT": "The voiceprint store is damaged; restore it from a backup.",
    "SQLITE_NOTADB": "The voiceprint store is no database; check its address.",
}
_UNREACHABLE = "The voiceprint store cannot be reached."
_DAMAGED = "A voiceprint in the store is damaged; enrol the voice again."

_METADATA = MetaData()
_PRINTS = Table(
    "voiceprints",
    _METADATA,
    Column("subject", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("encoder", String),
    Column("vector", LargeBinary),
    Column("net_speech_ms", Integer),
    Column("recordings", Integer),
    Column("enrolled_at", DateTime),
)
_VALUES = ("status", "encoder", "vector", "net_speech_ms", "recordings", "enrolled_at")


class SqlStore:
    """Voiceprints in SQLite or PostgreSQL. Every thread and process may use the same database."""

    def __init__(self, database: str | Engine) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the table if it is new.

        Raises:
            StoreUnavailable: it cannot be opened or the table not be created.
        """
        self._engine = _engine(database) if isinstance(database, str) else database
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        self._insert: Any = insert
        with self._transaction() as connection:
            connection.execute(CreateTable(_PRINTS, if_not_exists=True))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        with self._transaction() as connection:
            row = connection.execute(select(_PRINTS).where(_PRINTS.c.subject == subject)).first()
        return None if row is None else _found(row)

    def put(self, voiceprint: Voiceprint) -> None:
        statement = self._upsert(
            subject=voiceprint.subject,
            status=_ENROLLED,
            encoder=voiceprint.encoder,
            vector=voiceprint.vector.astype(_FLOAT32).tobytes(),
            net_speech_ms=voiceprint.net_speech_ms,
            recordings=voiceprint.recordings,
            enrolled_at=voiceprint.enrolled_at.astimezone(UTC).replace(tzinfo=None),
            keep_refusals=True,
        )
        with self._transaction() as connection:
            written = connection.execute(statement).first()
        if written is None:
            raise SubjectOptedOut(REFUSED)

    def opt_out(self, subject: SubjectId) -> None:
        with self._transaction() as connection:
            connection.execute(self._upsert(subject=subject, status=_OPTED_OUT))

    def remove(self, subject: SubjectId) -> bool:
        statement = delete(_PRINTS).where(_PRINTS.c.subject == subject)
        with self._transaction() as connection:
            return connection.execute(statement).rowcount > 0

    def _upsert(self, *, keep_refusals: bool = False, **values: object) -> Executable:
        """One statement, so that no other writer comes between looking and writing."""
        statement = self._insert(_PRINTS).values(**values)
        upsert: Executable = statement.on_conflict_do_update(
            index_elements=[_PRINTS.c.subject],
            set_={name: statement.excluded[name] for name in _VALUES},
            where=_PRINTS.c.status != _OPTED_OUT if keep_refusals else None,
        ).returning(_PRINTS.c.subject)
        return upsert

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as err:
            raise StoreUnavailable(_sentence(err)) from err


def _engine(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": _BUSY_S})
    except (ArgumentError, SQLAlchemyError, ImportError) as err:
        raise StoreUnavailable("The voiceprint store's address cannot be used.") from err
    event.listen(engine, "connect", _overwrite_what_is_deleted)
    return engine


def _overwrite_what_is_deleted(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI
    """SQLite leaves deleted bytes in the file otherwise; an erased voice must be gone."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _found(row: Row[Any]) -> Voiceprint | OptedOut:
    subject = SubjectId(row.subject)
    if row.status == _OPTED_OUT:
        return OptedOut(subject=subject)
    if row.status != _ENROLLED:
        raise StoreUnavailable(_DAMAGED)
    try:
        vector = np.frombuffer(row.vector, dtype=_FLOAT32).astype(np.float32)
        enrolled_at: datetime = row.enrolled_at.replace(tzinfo=UTC)
    except (ValueError, TypeError, AttributeError) as err:
        raise StoreUnavailable(_DAMAGED) from err
    if not (len(vector) and np.isfinite(vector).all()):
        raise StoreUnavailable(_DAMAGED)
    return Voiceprint(
        subject=subject,
        encoder=EncoderId(row.encoder),
        vector=vector,
        net_speech_ms=row.net_speech_ms,
        recordings=row.recordings,
        enrolled_at=enrolled_at,
    )


def _sentence(err: SQLAlchemyError) -> str:
    cause = getattr(err, "orig", None)
    if not isinstance(cause, sqlite3.Error):
        return _UNREACHABLE
    # Extended codes such as SQLITE_READONLY_DIRECTORY begin with the plain one.
    name = getattr(cause, "sqlite_errorname", "")
    return next((text for code, text in _SENTENCES.items() if name.startswith(code)), _UNREACHABLE)
