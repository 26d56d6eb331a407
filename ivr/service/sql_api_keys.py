"""Keys of the service in a database, through SQLAlchemy."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    and_,
    or_,
    select,
    update,
)

from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.service.api_keys import ApiKey, KeyId, Scope

_METADATA = MetaData()
_KEYS = Table(
    "api_keys",
    _METADATA,
    Column("id", String(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("scopes", String(255), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=True),
    Column("revoked_at", DateTime, nullable=True),
    Column("last_used", Date, nullable=True),
)


class SqlApiKeys:
    """Keys in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def find(self, digest: bytes) -> ApiKey | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(_KEYS).where(_KEYS.c.digest == digest)).first()
        return _key(row) if row else None

    def all(self) -> tuple[ApiKey, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(_KEYS).order_by(_KEYS.c.made_at, _KEYS.c.id)).all()
        return tuple(_key(row) for row in rows)

    def add(self, key: ApiKey) -> bool:
        new = insert_or(self._engine, _KEYS).on_conflict_do_nothing()
        row = {
            "id": key.id,
            "digest": key.digest,
            "name": key.name,
            "scopes": " ".join(sorted(key.scopes)),
            "made_at": plain(key.made_at),
            "last_used": key.last_used,
            **_end(key),
        }
        with writing(self._engine) as connection:
            # What came in is asked for: PostgreSQL's driver counts no rows of such an insert.
            added = new.values(**row).returning(_KEYS.c.id)
            return connection.execute(added).first() is not None

    def replace(self, before: ApiKey, after: ApiKey) -> bool:
        end = _end(before)
        stands = and_(
            _KEYS.c.id == before.id,
            _KEYS.c.expires_at.is_not_distinct_from(end["expires_at"]),
            _KEYS.c.revoked_at.is_not_distinct_from(end["revoked_at"]),
        )
        with writing(self._engine) as connection:
            change = update(_KEYS).where(stands).values(**_end(after))
            return bool(connection.execute(change).rowcount)

    def note_use(self, key: KeyId, day: date) -> None:
        is_new = or_(_KEYS.c.last_used.is_(None), _KEYS.c.last_used < day)
        with writing(self._engine) as connection:
            used = update(_KEYS).where(and_(_KEYS.c.id == key, is_new))
            connection.execute(used.values(last_used=day))

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _KEYS)
        return engine


def _key(row: Row[Any]) -> ApiKey:
    """A scope that this version does not know opens nothing in it."""
    known = set(Scope)
    return ApiKey(
        id=KeyId(row.id),
        name=row.name,
        scopes=frozenset(Scope(name) for name in row.scopes.split() if name in known),
        digest=row.digest,
        made_at=aware(row.made_at),
        expires_at=aware(row.expires_at),
        revoked_at=aware(row.revoked_at),
        last_used=row.last_used,
    )


def _end(key: ApiKey) -> dict[str, datetime | None]:
    return {
        "expires_at": plain(key.expires_at) if key.expires_at else None,
        "revoked_at": plain(key.revoked_at) if key.revoked_at else None,
    }
