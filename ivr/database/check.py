"""Whether a database is well, and what to do where it is not."""

import stat
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, exists, inspect, select, table, text

from biometrics import StoreUnavailable
from biometrics.storage.database import file_of, reading
from ivr.database.findings import Finding
from ivr.database.revisions import Revisions, Standing
from ivr.database.shape import missing_from, tables_of

_SEALED_BY = "voice_vault"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine(engine: Engine, revisions: Revisions) -> Iterator[Finding]:
    """The main database; nothing is changed, and nothing is made."""
    try:
        yield from _file(engine)
        with reading(engine) as connection:
            yield _server(connection)
            standing = revisions.standing_of(connection)
            yield _version(standing)
            if not standing.is_newer:
                yield _tables(connection, standing, revisions)
            yield from _integrity(connection)
    except StoreUnavailable as err:
        yield Finding(what="database", found="cannot be used", remedy=err.sentence)


def examine_keys(engine: Engine, *, is_needed: bool) -> Iterator[Finding]:
    """The database of keys: one table, which makes itself."""
    what = "key database"
    file = file_of(engine)
    if not is_needed and file is not None and not file.exists():
        yield Finding(what=what, found="none yet; the first voice makes it")
        return
    try:
        yield from _file(engine)
        with reading(engine) as connection:
            yield Finding(what=what, found=_named(engine))
            yield from _integrity(connection)
    except StoreUnavailable as err:
        yield Finding(what=what, found="cannot be used", remedy=err.sentence)


def are_keys_needed(engine: Engine) -> bool:
    """Whether voices are sealed in the main database; where that cannot be told they may be."""
    try:
        with reading(engine) as connection:
            if not inspect(connection).has_table(_SEALED_BY):
                return False
            return bool(
                connection.execute(select(exists().select_from(table(_SEALED_BY)))).scalar()
            )
    except StoreUnavailable:
        return True


def _file(engine: Engine) -> Iterator[Finding]:
    file = file_of(engine)
    if file is None:
        return
    if not file.exists():
        raise StoreUnavailable("There is no database yet; the first start makes it.")
    others = file.stat().st_mode & _OTHERS
    yield Finding(
        what=f"file {file.name}",
        found="others may read it" if others else "its owner's alone",
        remedy=f"Run: chmod 600 {file}" if others else "",
    )


def _server(connection: Connection) -> Finding:
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    found = f"{connection.dialect.name} {version}, {_named(connection.engine)}"
    return Finding(what="database", found=found)


def _named(engine: Engine) -> str:
    """Without its password."""
    return engine.url.render_as_string(hide_password=True)


def _version(standing: Standing) -> Finding:
    what = "version"
    if standing.is_newer:
        return Finding(
            what=what,
            found=f"{standing.revision}, newer than {standing.newest}",
            remedy="Start the version of Rufwerk that made it.",
        )
    if standing.pending:
        found = f"{standing.revision or 'none'}, behind {standing.newest}"
        return Finding(what=what, found=found, remedy="Back it up, then run: ivr db upgrade")
    return Finding(what=what, found=f"{standing.newest}, up to date")


def _tables(connection: Connection, standing: Standing, revisions: Revisions) -> Finding:
    """What is to come by an upgrade is no damage."""
    tables = tables_of(standing.made_as, revisions)
    missing = missing_from(connection, tables) if standing.revision else ()
    return Finding(
        what="tables",
        found=f"missing: {', '.join(missing)}" if missing else f"{len(tables)}, none missing",
        remedy="Restore a backup: ivr db restore FILE --replace" if missing else "",
    )


def _integrity(connection: Connection) -> Iterator[Finding]:
    """SQLite looks at every page; PostgreSQL, which keeps checksums, is asked for its own."""
    if connection.dialect.name == "sqlite":
        said = connection.execute(text("PRAGMA integrity_check(1)")).scalars().all()
        is_well = said == ["ok"]
        remedy = "" if is_well else "Restore a backup: ivr db restore FILE --replace"
        yield Finding(what="integrity", found="ok" if is_well else "damaged", remedy=remedy)
    if connection.dialect.name == "postgresql":
        failures = select(text("sum(checksum_failures)")).select_from(text("pg_stat_database"))
        count = connection.execute(failures).scalar() or 0
        remedy = "The server's disk fails: see its log, and restore a backup." if count else ""
        yield Finding(what="integrity", found=f"{count} damaged pages", remedy=remedy)
