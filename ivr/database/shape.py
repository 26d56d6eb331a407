"""The tables of a revision, as any database can hold them."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, MetaData, Table, create_engine, event, inspect
from sqlalchemy.pool import StaticPool

from ivr.database.migrations import check_taken_over, go
from ivr.database.revisions import VERSION_TABLE, Revisions, check_newer
from ivr.errors import DatabaseUnfit

_UNSEALED = "voiceprints"
"""Voices as they were kept before they were sealed."""


@cache
def tables_of(revision: str, revisions: Revisions) -> tuple[Table, ...]:
    """Those that the revisions up to this one make; referred to before they are referred from."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    shape = MetaData()
    event.listen(shape, "column_reflect", _as_any_database)
    with engine.begin() as connection:
        go(connection, revisions, revision)
        shape.reflect(connection, only=lambda name, _: name != VERSION_TABLE)
    engine.dispose()
    return tuple(shape.sorted_tables)


def ours(connection: Connection, revisions: Revisions) -> tuple[Table, ...]:
    """The tables of a database that are ours; there may be others beside them.

    Raises:
        DatabaseUnfit: they are none that this version knows, or hold voices that are not sealed.
    """
    standing = revisions.standing_of(connection)
    check_newer(standing)
    if standing.revision is None:
        check_taken_over(connection)
    check_sealed(connection)
    there = set(inspect(connection).get_table_names())
    return tuple(one for one in tables_of(standing.made_as, revisions) if one.name in there)


def check_sealed(connection: Connection) -> None:
    """Raises DatabaseUnfit: there are voices as they were kept before they were sealed."""
    if inspect(connection).has_table(_UNSEALED):
        raise DatabaseUnfit(
            "The database holds voiceprints that are not sealed yet, and what is copied of them "
            "can never be erased. Start this version once: it seals them."
        )


def missing_from(connection: Connection, tables: tuple[Table, ...]) -> tuple[str, ...]:
    """Tables, columns and indexes that a database lacks, by their names."""
    there = inspect(connection)
    names = set(there.get_table_names())
    missing = [table.name for table in tables if table.name not in names]
    for table in tables:
        if table.name in names:
            columns = {one["name"] for one in there.get_columns(table.name)}
            missing += [str(one) for one in table.columns if one.name not in columns]
            indexes = {one["name"] for one in there.get_indexes(table.name)}
            missing += [f"index {one.name}" for one in table.indexes if one.name not in indexes]
    return tuple(missing)


def _as_any_database(_: object, __: object, column: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
    column["type"] = column["type"].as_generic()
