"""Opening a database, and its failures in our words. Every table is reached by this."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, overload

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from biometrics.errors import StoreUnavailable
from biometrics.storage.limits import Limits, server_options
from biometrics.storage.private import file_of, keep_private
from biometrics.storage.sentences import sentence_of

__all__ = [
    "Engine",
    "Limits",
    "altering",
    "aware",
    "file_of",
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

_PATIENT_MS = 60_000
"""How long who changes the schema waits for another who does."""

_MAKING = 0x52756677
"""A number of ours for PostgreSQL's lock."""


def open_engine(database: str | Engine, limits: Limits | None = None) -> Engine:
    """The engine of an SQLAlchemy address; an engine comes back as it is.

    SQLite overwrites what is deleted: an erased voice must not stay in the file. A file that is
    made anew may be read by its owner alone. `limits` are those of a server's connections.

    Raises:
        StoreUnavailable: the address cannot be used.
    """
    if isinstance(database, Engine):
        return database
    try:
        url = make_url(database)
        if url.get_backend_name() != "sqlite":
            return create_engine(url, **server_options(url, limits or Limits()))
        engine = create_engine(url, connect_args={"timeout": _BUSY_S})
    except (ArgumentError, SQLAlchemyError, ImportError) as err:
        raise StoreUnavailable("The database's address cannot be used.") from err
    keep_private(engine)
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
        raise StoreUnavailable(sentence_of(err)) from err


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


@contextmanager
def altering(engine: Engine) -> Iterator[Connection]:
    """A transaction for changes of the schema: whoever comes second waits, a minute if need be.

    Raises:
        StoreUnavailable: the database did not do what was asked; nothing was changed.
    """
    with reading(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENT_MS}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(_BUSY_S * 1_000)}")
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text(f"SET LOCAL lock_timeout = {_PATIENT_MS}"))
            connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
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


@overload
def aware(moment: datetime) -> datetime: ...


@overload
def aware(moment: None) -> None: ...


def aware(moment: datetime | None) -> datetime | None:
    """A time as it was before `plain`; nothing stays nothing."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def insert_or(engine: Engine, table: Table) -> Any:  # noqa: ANN401 - two dialects' own types
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return (postgresql if engine.dialect.name == "postgresql" else sqlite).insert(table)


def _overwrite_what_is_deleted(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
