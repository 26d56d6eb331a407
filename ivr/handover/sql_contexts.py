"""Contexts in a database, through SQLAlchemy, sealed under a name that only the token tells."""

from datetime import datetime, timedelta
from functools import cached_property

from pydantic import TypeAdapter
from sqlalchemy import Column, DateTime, Engine, LargeBinary, MetaData, String, Table, delete

from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.handover.context import Context
from ivr.handover.contexts import digest
from ivr.seal import Seal

_METADATA = MetaData()
_CONTEXTS = Table(
    "handover_contexts",
    _METADATA,
    Column("token", String(64), primary_key=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
_JSON = TypeAdapter(Context)


class SqlContexts:
    """Contexts in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine, seal: Seal, *, keep: timedelta) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._seal = seal
        self._keep = keep

    def put(self, token: str, context: Context) -> None:
        """Under the token's digest: whoever reads the table cannot ask for what is in it."""
        name = digest(token)
        sealed = self._seal.seal(_JSON.dump_json(context), bound_to=name.encode())
        row = {"at": plain(context.at), "sealed": sealed}
        insert = insert_or(self._engine, _CONTEXTS).values(token=name, **row)
        with writing(self._engine) as connection:
            connection.execute(
                insert.on_conflict_do_update(index_elements=[_CONTEXTS.c.token], set_=row)
            )

    def find(self, token: str, now: datetime) -> Context | None:
        return self.of_digest(digest(token), now)

    def of_digest(self, token_digest: str, now: datetime) -> Context | None:
        name = token_digest
        with reading(self._engine) as connection:
            row = connection.execute(_CONTEXTS.select().where(_CONTEXTS.c.token == name)).first()
        if row is None or now - aware(row.at) > self._keep:
            return None
        return _JSON.validate_json(self._seal.unseal(row.sealed, bound_to=name.encode()))

    def expire(self, now: datetime) -> int:
        old = delete(_CONTEXTS).where(_CONTEXTS.c.at < plain(now - self._keep))
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _CONTEXTS)
        return engine
