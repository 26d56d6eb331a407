"""Remarks in a database, through SQLAlchemy, sealed."""

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
from ivr.handover.remarks import Remarks
from ivr.seal import Seal

_METADATA = MetaData()
_REMARKS = Table(
    "handover_remarks",
    _METADATA,
    Column("token", String(64), primary_key=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
_JSON = TypeAdapter(Remarks)


class SqlRemarks:
    """Remarks in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine, seal: Seal, *, keep: timedelta) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._seal = seal
        self._keep = keep

    def find(self, token_digest: str, now: datetime) -> Remarks:
        wanted = _REMARKS.select().where(_REMARKS.c.token == token_digest)
        with reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None or now - aware(row.at) > self._keep:
            return Remarks()
        return _JSON.validate_json(self._seal.unseal(row.sealed, bound_to=_bound(token_digest)))

    def put(self, token_digest: str, remarks: Remarks, now: datetime) -> None:
        sealed = self._seal.seal(_JSON.dump_json(remarks), bound_to=_bound(token_digest))
        row = {"at": plain(now), "sealed": sealed}
        insert = insert_or(self._engine, _REMARKS).values(token=token_digest, **row)
        change = insert.on_conflict_do_update(index_elements=[_REMARKS.c.token], set_=row)
        with writing(self._engine) as connection:
            connection.execute(change)

    def expire(self, now: datetime) -> int:
        old = delete(_REMARKS).where(_REMARKS.c.at < plain(now - self._keep))
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _REMARKS)
        return engine


def _bound(token_digest: str) -> bytes:
    return b"remarks:" + token_digest.encode()
