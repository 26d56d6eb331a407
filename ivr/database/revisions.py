"""The versions of the schema, and at which one a database stands."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, String, column, inspect, select, table

from biometrics.storage.database import reading
from ivr.errors import DatabaseUnfit

BASE = "base"
"""Before the first revision."""

VERSION_TABLE = "alembic_version"
_VERSION: Select[Any] = select(column("version_num", String)).select_from(table(VERSION_TABLE))
_FOLDER = Path(__file__).with_name("versions")
_FILE = re.compile(r"v(\d{4})_\w+\.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a database stands."""

    revision: str | None
    """None where nothing was written down yet."""

    newest: str
    """That this version of Rufwerk knows."""

    pending: tuple[str, ...]
    """Revisions to come, in their order."""

    @property
    def made_as(self) -> str:
        """The revision whose tables are there; the first one's where nothing was written down."""
        return self.revision or self.pending[0]

    @property
    def is_newer(self) -> bool:
        """Made by a later version of Rufwerk."""
        return not self.pending and self.revision != self.newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """The steps in a folder, a file each. Their names tell, so that Alembic need not be asked."""

    folder: Path = _FOLDER

    @property
    def known(self) -> tuple[str, ...]:
        """All of them, the first one first."""
        names = (_FILE.fullmatch(file.name) for file in self.folder.iterdir())
        return tuple(sorted(name[1] for name in names if name))

    @property
    def newest(self) -> str:
        return self.known[-1]

    def before(self, revision: str | None) -> tuple[str, ...]:
        """Those before one, and `base`; none where it is not known."""
        if revision is None or revision not in self.known:
            return ()
        return (BASE, *self.known[: self.known.index(revision)])

    def standing(self, engine: Engine) -> Standing:
        """Raises StoreUnavailable."""
        with reading(engine) as connection:
            return self.standing_of(connection)

    def standing_of(self, connection: Connection) -> Standing:
        """Within a transaction of the caller's."""
        is_written = inspect(connection).has_table(VERSION_TABLE)
        revision = connection.execute(_VERSION).scalar() if is_written else None
        known = self.known
        if revision is not None and revision not in known:
            return Standing(revision=revision, newest=known[-1], pending=())
        done = 0 if revision is None else known.index(revision) + 1
        return Standing(revision=revision, newest=known[-1], pending=known[done:])


def check_newer(standing: Standing) -> None:
    """Raises DatabaseUnfit: the database was made by a newer version of Rufwerk."""
    if standing.is_newer:
        raise DatabaseUnfit(
            f"The database is at revision {standing.revision}, which a newer version of Rufwerk "
            "made; start that version, or restore a backup that was made before it."
        )
