"""Opening a database, and its failures in our words. Every table of voices is reached by this."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from biometrics.errors import StoreUnavailable

__all__ = [
    "Engine",
    "insert_or",
    "make_missing",
    "open_engine",
    "plain",
    "reading",
    "tell_failures",
    "writing",
]

_BUSY_S = 2
"""How long SQLite waits for another writer: a caller must not wait longer for an answer."""

_SENTENCES = {
    "SQLITE_BUSY": "The voiceprint store is busy; try again.",
    "SQLITE_LOCKED": "The voiceprint store is busy; try again.",
    "SQLITE_READONLY": "The voiceprint store may not be written to; check its permissions.",
    "SQLITE_FULL": "The disk of the voiceprint store is full; make room on it.",
    "SQLITE_CANTOPEN": "The voiceprint store cannot be opened; check its folder.",
    "SQLITE_CORRUPT": "The voiceprint store is damaged; restore it from a backup.",
    "SQLITE_NOTADB": "The voiceprint store is no database; check its address.",
}
_MAKING = 0x52756677
"""A number of ours for PostgreSQL's lock."""

_UNREACHABLE = "The voiceprint store cannot be reached."


def open_engine(database: str | Engine) -> Engine:
    """The engine of an SQLAlchemy address; an engine comes back as it is.

    SQLite overwrites what is deleted: an erased voice must not stay in the file.

    Raises:
        StoreUnavailable: the address cannot be used.
    """
    if isinstance(database, Engine):
        return database
    try:
        url = make_url(database)
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": _BUSY_S})
    except (ArgumentError, SQLAlchemyError, ImportError) as err:
        raise StoreUnavailable("The voiceprint store's address cannot be used.") from err
    event.listen(engine, "connect", _overwrite_what_is_deleted)
    return engine


def tell_failures(engine: Engine, tell: Callable[[], object]) -> None:
    """Tell of every statement that the database does not carry out.

    A row that is there already is none: whoever writes it asks whether it was. `tell` must neither
    fail nor take long.
    """

    def failed(context: ExceptionContext) -> None:
        if not isinstance(context.sqlalchemy_exception, IntegrityError):
            tell()

    event.listen(engine, "handle_error", failed)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction, its failures in our words.

    Raises:
        StoreUnavailable: the database did not do what was asked; nothing was changed.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as err:
        raise StoreUnavailable(_sentence(err)) from err


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer comes into, from its first statement on.

    On PostgreSQL rows are locked one by one: select them `with_for_update`.

    Raises:
        StoreUnavailable: the database did not do what was asked; nothing was changed.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def make_missing(connection: Connection, *tables: Table) -> None:
    """Make the tables and indexes that are not there yet.

    Several processes may begin at once, and making an index locks PostgreSQL's table: one makes
    them while the others wait, and whoever finds them there makes nothing.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    there = inspect(connection)
    for table in tables:
        known: set[str | None] = set()
        if there.has_table(table.name):
            known = {one["name"] for one in there.get_indexes(table.name)}
        else:
            connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            if index.name not in known:
                connection.execute(CreateIndex(index, if_not_exists=True))


def plain(moment: datetime) -> datetime:
    """UTC without saying so, as databases keep it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def insert_or(engine: Engine, table: Table) -> Any:  # noqa: ANN401 - two dialects' own types
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return (postgresql if engine.dialect.name == "postgresql" else sqlite).insert(table)


def _overwrite_what_is_deleted(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _sentence(err: SQLAlchemyError) -> str:
    cause = getattr(err, "orig", None)
    if not isinstance(cause, sqlite3.Error):
        return _UNREACHABLE
    # Extended codes such as SQLITE_READONLY_DIRECTORY begin with the plain one.
    name = getattr(cause, "sqlite_errorname", "")
    return next((text for code, text in _SENTENCES.items() if name.startswith(code)), _UNREACHABLE)
