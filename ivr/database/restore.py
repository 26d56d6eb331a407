"""The main database as a backup holds it: all of it or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, exists, func, insert, select, text
from sqlalchemy.sql.expression import delete

from biometrics.storage.database import altering
from ivr.database.archive import Backup, Progress, opened
from ivr.database.manifest import Manifest
from ivr.database.migrations import go
from ivr.database.revisions import Revisions
from ivr.database.shape import check_sealed, tables_of
from ivr.database.since import decide_again, decided_since
from ivr.database.values import reader_of
from ivr.errors import BadBackup, DatabaseInUse

_AT_A_TIME = 1_000

_LEFT_OUT = ("people_sessions",)
"""Whoever was signed in signs in again: a session that was ended must not come back."""


def restore(
    engine: Engine, path: Path, revisions: Revisions, progress: Progress, *, replace: bool
) -> Manifest:
    """Put a backup's rows in the place of what is there, and bring them up to date.

    What was withdrawn, revoked or changed about accounts since then stays so, where the database
    can still tell.

    Raises:
        BadBackup: the file is damaged, or of a version that this one does not know.
        DatabaseInUse: there are rows, and they may not be replaced.
        DatabaseUnfit: the database is newer than this version, or not as an earlier one made it.
        StoreUnavailable: it did not do what was asked.
    """
    with opened(path) as backup:
        tables = _known(backup.manifest, revisions)
        with altering(engine) as connection, _without_guards(connection):
            check_sealed(connection)
            go(connection, revisions, revisions.newest)
            ours = {table.name: table for table in tables_of(revisions.newest, revisions)}
            since = decided_since(connection, backup, ours)
            _empty(connection, tuple(ours.values()), replace=replace)
            go(connection, revisions, backup.manifest.revision)
            _fill(connection, backup, tables, progress)
            go(connection, revisions, revisions.newest)
            decide_again(connection, since, ours)
            for table in ours.values():
                _count_on(connection, table)
        return backup.manifest


def _known(manifest: Manifest, revisions: Revisions) -> tuple[Table, ...]:
    if manifest.revision not in revisions.known:
        raise BadBackup(
            "The backup was made by a newer version of Rufwerk; restore it with that one."
        )
    tables = tables_of(manifest.revision, revisions)
    said = {name: part.columns for name, part in manifest.tables.items()}
    known = {table.name: tuple(table.c.keys()) for table in tables}
    if not said.items() <= known.items():
        raise BadBackup("The backup holds tables that its version does not have.")
    return tuple(table for table in tables if table.name in said)


def _empty(connection: Connection, tables: tuple[Table, ...], *, replace: bool) -> None:
    full = [table.name for table in tables if _has_rows(connection, table)]
    if full and not replace:
        raise DatabaseInUse(
            f"The database is not empty: there are rows in {', '.join(full)}. Nothing was changed; "
            "with --replace the backup takes their place."
        )
    if connection.dialect.name == "postgresql":
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(table.name) for table in tables)
        connection.execute(text(f"TRUNCATE {names}"))
        return
    for table in reversed(tables):
        connection.execute(delete(table))


def _has_rows(connection: Connection, table: Table) -> bool:
    return bool(connection.execute(select(exists(select(table)))).scalar())


def _fill(
    connection: Connection, backup: Backup, tables: tuple[Table, ...], progress: Progress
) -> None:
    of, done = backup.manifest.rows, 0
    for table in tables:
        for rows in _rows(backup, table):
            if table.name not in _LEFT_OUT:
                connection.execute(insert(table), rows)
            done += len(rows)
            progress(done, of)


def _rows(backup: Backup, table: Table) -> Iterator[list[dict[str, Any]]]:
    read, lines = reader_of(tuple(table.columns)), backup.lines(table.name)
    try:
        while rows := [read(line) for line in islice(lines, _AT_A_TIME)]:
            yield rows
    except (ValueError, TypeError) as err:
        raise BadBackup(f"The backup's rows of {table.name} cannot be read.") from err


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a counter, which knows nothing of rows that have numbers."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    quoted = connection.dialect.identifier_preparer.quote(table.name)
    counter = func.pg_get_serial_sequence(quoted, column.name)
    newest = select(func.max(column)).scalar_subquery()
    connection.execute(select(func.setval(counter, newest)))


@contextmanager
def _without_guards(connection: Connection) -> Iterator[None]:
    """SQLite's triggers keep what may only be added to from being emptied; they come back."""
    if connection.dialect.name != "sqlite":
        yield
        return
    guards = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    quote = connection.dialect.identifier_preparer.quote
    for guard in guards:
        connection.execute(text(f"DROP TRIGGER {quote(guard.name)}"))
    yield
    for guard in guards:
        connection.exec_driver_sql(guard.sql)
