"""A backup of the main database, as it stood at one moment."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, Table, create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from biometrics import StoreUnavailable
from biometrics.storage.database import reading
from biometrics.storage.sentences import sentence_of
from ivr.database.archive import Progress, written
from ivr.database.manifest import Manifest
from ivr.database.revisions import Revisions
from ivr.database.shape import ours
from ivr.database.values import line_of

_AT_A_TIME = 1_000
_PAGES_AT_A_TIME = 4_096

_PASSING = frozenset({"shared_calls", "shared_notes"})
"""What callers say while they say it: no copy outlives the call, and no call can be put back."""


def back_up(
    engine: Engine, path: Path, now: datetime, revisions: Revisions, progress: Progress
) -> Manifest:
    """Write every row of every table of ours to a new private file; what it says of itself.

    Calls go on meanwhile, and change nothing in it.

    Raises:
        DatabaseUnfit: its tables are none that this version knows, or hold unsealed voices.
        StoreUnavailable: it could not be read.
        DiskFull, DiskReadOnly: the file cannot be written.
    """
    with written(path) as file, _snapshot(engine, path.parent) as connection:
        tables = [one for one in ours(connection, revisions) if one.name not in _PASSING]
        of, done = sum(_count(connection, table) for table in tables), 0
        for table in tables:
            file.add(table.name, tuple(table.c.keys()), _lines(connection, table))
            done += file.parts[table.name].rows
            progress(done, of)
        manifest = Manifest(
            revision=revisions.standing_of(connection).made_as,
            made_at=now,
            engine=engine.dialect.name,
            tables=file.parts,
        )
        file.end(manifest)
    return manifest


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    yield from map(line_of, connection.execute(query.execution_options(yield_per=_AT_A_TIME)))


@contextmanager
def _snapshot(engine: Engine, beside: Path) -> Iterator[Connection]:
    """Raises StoreUnavailable."""
    if engine.dialect.name != "sqlite":
        with _repeatable(engine) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix=".rufwerk-", dir=beside) as folder:
        copy = create_engine(f"sqlite:///{_copied(engine, Path(folder))}")
        with reading(copy) as connection:
            yield connection
        copy.dispose()


@contextmanager
def _repeatable(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with connection.begin():
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                yield connection
    except SQLAlchemyError as err:
        raise StoreUnavailable(sentence_of(err)) from err


def _copied(engine: Engine, folder: Path) -> Path:
    """By SQLite's online backup: writers wait no longer than for some pages."""
    copy = folder / "copy.db"
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with reading(engine) as connection, closing(sqlite3.connect(copy)) as there:
            here = cast("sqlite3.Connection", connection.connection.driver_connection)
            here.backup(there, pages=_PAGES_AT_A_TIME)
    except sqlite3.Error as err:
        raise StoreUnavailable(
            "The database could not be copied; is there room for all of it beside the backup?"
        ) from err
    return copy
