"""Links in a database, through SQLAlchemy, sealed under a name that only the token tells."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    String,
    Table,
    and_,
    delete,
    select,
    update,
)

from biometrics.storage.database import (
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.onward.codes import LinkName
from ivr.onward.link import Link
from ivr.seal import Seal

_METADATA = MetaData()
_LINKS = Table(
    "onward_links",
    _METADATA,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("mark", String(64), nullable=False, index=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
    Column("due_at", DateTime, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
_JSON = TypeAdapter(Link)


class SqlLinks:
    """Links in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine, seal: Seal) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._seal = seal

    def find(self, name: LinkName) -> Link | None:
        found = self._read(select(_LINKS).where(_LINKS.c.name == name))
        return found[0] if found else None

    def replace(self, before: Link | None, after: Link) -> Link | None:
        changed = replace(after, version=before.version + 1 if before else 1)
        row = self._row(changed)
        if before is None:
            # What came in is asked for: PostgreSQL's driver counts no rows of such an insert.
            new = insert_or(self._engine, _LINKS).values(**row).on_conflict_do_nothing()
            with writing(self._engine) as connection:
                is_in = connection.execute(new.returning(_LINKS.c.name)).first() is not None
            return changed if is_in else None
        stands = and_(_LINKS.c.name == before.name, _LINKS.c.version == before.version)
        with writing(self._engine) as connection:
            done = connection.execute(update(_LINKS).where(stands).values(**row)).rowcount
        return changed if done else None

    def due(self, now: datetime) -> tuple[Link, ...]:
        waiting = select(_LINKS).where(_LINKS.c.due_at <= plain(now))
        return self._read(waiting.order_by(_LINKS.c.due_at))

    def of(self, mark: str) -> tuple[Link, ...]:
        theirs = select(_LINKS).where(_LINKS.c.mark == mark)
        return self._read(theirs.order_by(_LINKS.c.created_at.desc()))

    def forget(self, before: datetime) -> int:
        old = delete(_LINKS).where(_LINKS.c.expires_at < plain(before))
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount

    def _read(self, query: Select[Any]) -> tuple[Link, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(map(self._link, rows))

    def _link(self, row: Row[Any]) -> Link:
        bound_to = _bound_to(row.name, row.version)
        return _JSON.validate_json(self._seal.unseal(row.sealed, bound_to=bound_to))

    def _row(self, link: Link) -> Mapping[str, Any]:
        """An earlier version put back in its place is refused: it would give back the tries."""
        sealed = self._seal.seal(_JSON.dump_json(link), bound_to=_bound_to(link.name, link.version))
        return {
            "name": link.name,
            "version": link.version,
            "mark": link.mark,
            "created_at": plain(link.created_at),
            "expires_at": plain(link.expires_at),
            "due_at": plain(link.due_at) if link.due_at else None,
            "sealed": sealed,
        }

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _LINKS)
        return engine


def _bound_to(name: str, version: int) -> bytes:
    return f"{name}:{version}".encode()
