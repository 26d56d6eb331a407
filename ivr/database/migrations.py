"""From one version of the schema to another, by Alembic."""

from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect

from biometrics.storage.database import altering
from ivr.database.first import FIRST
from ivr.database.revisions import Revisions, Standing, check_newer
from ivr.errors import DatabaseUnfit

_HERE = Path(__file__).parent
_ONE_AT_A_TIME = Lock()
"""Alembic keeps what it works on in a global place."""


def upgrade(engine: Engine, revisions: Revisions) -> Standing:
    """Bring a database up to date, all or nothing; how it stood before.

    Raises:
        DatabaseUnfit: it is newer than this version, or not as an earlier one made it.
        StoreUnavailable: it did not do what was asked.
    """
    with altering(engine) as connection:
        before = revisions.standing_of(connection)
        go(connection, revisions, revisions.newest)
    return before


def downgrade(engine: Engine, revisions: Revisions, to: str) -> Standing:
    """Go back to an earlier revision, all or nothing; how it stood before.

    Raises:
        DatabaseUnfit: there is no such revision before this one, or it cannot be gone back to.
        StoreUnavailable: it did not do what was asked.
    """
    with altering(engine) as connection:
        before = revisions.standing_of(connection)
        check_newer(before)
        if to not in revisions.before(before.revision):
            raise DatabaseUnfit(
                f"The database is at {before.revision or 'no revision'}; "
                f"{to} is none that comes before it."
            )
        go(connection, revisions, to)
    return before


def go(connection: Connection, revisions: Revisions, to: str) -> None:
    """Either way, within a transaction of the caller's.

    Raises:
        DatabaseUnfit: it is newer than this version, or not as an earlier one made it.
    """
    now = revisions.standing_of(connection)
    check_newer(now)
    if now.revision is None:
        check_taken_over(connection)
    walk = command.downgrade if to in revisions.before(now.revision) else command.upgrade
    with _ONE_AT_A_TIME:
        walk(_steps(connection, revisions), to)


def check_taken_over(connection: Connection) -> None:
    """Whether the tables of a database without a version are those of the first revision.

    Raises:
        DatabaseUnfit: they are not; says which.
    """
    there = set(FIRST.tables) & set(inspect(connection).get_table_names())
    if not there:
        return
    context = MigrationContext.configure(
        connection,
        opts={"include_name": lambda name, kind, _: kind != "table" or name in there},
    )
    differing = {_table_of(one) for one in compare_metadata(context, FIRST)} & there
    if differing:
        raise DatabaseUnfit(
            "The database has no version, and these tables are not as version 0.1.0 makes them: "
            f"{', '.join(sorted(differing))}. Nothing was changed."
        )


def _table_of(difference: Any) -> str:  # noqa: ANN401 - Alembic's tuples
    """The table that something is wrong with; nothing where it only was not needed yet."""
    match difference:
        case ("add_table" | "add_index" | "remove_index", *_):
            return ""
        case (str(), _, str() as table, *_):
            return table
        case (str(), constraint, *_):
            return str(constraint.table.name)
        case _:
            return _table_of(difference[0])


def _steps(connection: Connection, revisions: Revisions) -> Config:
    config = Config()
    # The file's syntax gives the percent sign a meaning.
    for name, value in (("script_location", _HERE), ("version_locations", revisions.folder)):
        config.set_main_option(name, str(value).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
