"""Any database that SQLAlchemy reaches, asked by queries that only read."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, RowMapping, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ivr.errors import BadSources
from ivr.identify.described import SqlSource as Described
from ivr.identify.fact import Answer, Failed, Nobody, Why
from ivr.identify.placeholders import used_in_query, values_of
from ivr.identify.reading import Read, told_of

_MOST_ROWS = 100
_LOOK_EVERY = 10_000
"""Steps of SQLite between looks at the clock."""

_CANCELLED = "57014"
"""PostgreSQL's code for a statement that ran into its time limit."""


class SqlSource:
    """One database. Its answers go no further than the first rows."""

    def __init__(
        self, name: str, described: Described, *, database: str, clock: Callable[[], float]
    ) -> None:
        """`database` is an SQLAlchemy address. `clock` runs evenly, in seconds.

        Raises:
            BadSources: the address cannot be used.
        """
        self._name = name
        self._described = described
        self._clock = clock
        try:
            self._url = make_url(database)
            self._engine = _engine(self._url, described)
        except (ArgumentError, SQLAlchemyError, ImportError, TypeError) as err:
            raise BadSources(
                f"The source {name} has an address that cannot be used; write an SQLAlchemy "
                "address, and install its driver."
            ) from err

    def ask(self, key: str) -> Answer:
        if not _is_there(self._url):
            return Failed(why=Why.DOWN)
        try:
            connection = self._engine.connect()
        except PoolTimeout:
            return Failed(why=Why.BUSY)
        except SQLAlchemyError:
            return Failed(why=Why.DOWN)
        try:
            with connection, self._limited(connection):
                return self._asked(connection, values_of(self._described.by, key))
        except SQLAlchemyError as err:
            return Failed(why=_why(err))

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    def _asked(self, connection: Connection, values: Mapping[str, str]) -> Answer:
        described = self._described
        rows = _rows(connection, described.query, values, most=2)
        if not rows:
            return Nobody()
        if len(rows) > 1:
            return Failed(why=Why.AMBIGUOUS)
        query = described.events.query if described.events else None
        events = _rows(connection, query, values, most=_MOST_ROWS) if query else []
        read = Read(
            record=rows[0].get,
            events=tuple(row.get for row in events),
            at=datetime.now(UTC),
        )
        return told_of(self._name, described, read)

    @contextmanager
    def _limited(self, connection: Connection) -> Iterator[None]:
        """SQLite looks at the clock by itself; servers were told their limit."""
        raw = connection.connection.driver_connection
        if not isinstance(raw, sqlite3.Connection):
            yield
            return
        until = self._clock() + self._described.timeout_ms / 1_000
        raw.set_progress_handler(lambda: int(self._clock() > until), _LOOK_EVERY)
        try:
            yield
        finally:
            raw.set_progress_handler(None, 0)


def _rows(
    connection: Connection, query: str, values: Mapping[str, str], *, most: int
) -> list[RowMapping]:
    used = used_in_query(query, values)
    # Rows come as they are asked for: a query that finds everybody fills no memory.
    streaming = connection.execution_options(stream_results=True)
    with streaming.execute(text(query), used) as found:
        return list(found.mappings().fetchmany(most))


def _engine(url: URL, described: Described) -> Engine:
    seconds = described.timeout_ms / 1_000
    pool = {"pool_size": described.at_once, "max_overflow": 0, "pool_timeout": seconds}
    engine = create_engine(url, pool_pre_ping=True, connect_args=_limits(url, seconds), **pool)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _only_read)
    return engine


def _limits(url: URL, seconds: float) -> dict[str, Any]:
    """What the drivers we know call their time limits."""
    match url.get_backend_name():
        case "sqlite":
            return {"timeout": seconds}
        case "postgresql":
            limit_ms = int(seconds * 1_000)
            options = f"-c statement_timeout={limit_ms} -c default_transaction_read_only=on"
            return {"connect_timeout": max(1, round(seconds)), "options": options}
        case _:
            return {}


def _only_read(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _is_there(url: URL) -> bool:
    """SQLite makes a file where none is, and then has no tables in it."""
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return not is_file or Path(url.database or "").is_file()


def _why(err: SQLAlchemyError) -> Why:
    cause = getattr(err, "orig", None)
    if getattr(cause, "sqlstate", None) == _CANCELLED or str(cause) == "interrupted":
        return Why.TIMED_OUT
    return Why.DOWN if getattr(err, "connection_invalidated", False) else Why.FAILED
