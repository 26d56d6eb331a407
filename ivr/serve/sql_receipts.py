"""Receipts in a database, through SQLAlchemy."""

from datetime import datetime
from functools import cached_property

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    select,
    update,
)
from sqlalchemy.schema import Index

from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.serve.receipts import Receipt, ReceiptName, State

_METADATA = MetaData()
_RECEIPTS = Table(
    "receipts",
    _METADATA,
    Column("name", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("times", Integer, nullable=False),
    Column("at", DateTime, nullable=False),
)
Index("receipts_at", _RECEIPTS.c.at)


class SqlReceipts:
    """Receipts in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def find(self, name: ReceiptName) -> Receipt | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(_RECEIPTS).where(_RECEIPTS.c.name == name)).first()
        if row is None:
            return None
        return Receipt(
            name=ReceiptName(row.name),
            state=State(row.state),
            times=row.times,
            at=aware(row.at),
        )

    def replace(self, before: Receipt | None, after: Receipt) -> bool:
        values = {"state": after.state, "times": after.times, "at": plain(after.at)}
        if before is None:
            # What came in is asked for: PostgreSQL's driver counts no rows of such an insert.
            new = insert_or(self._engine, _RECEIPTS).on_conflict_do_nothing()
            first = new.values(name=after.name, **values).returning(_RECEIPTS.c.name)
            with writing(self._engine) as connection:
                return connection.execute(first).first() is not None
        stands = and_(
            _RECEIPTS.c.name == before.name,
            _RECEIPTS.c.state == before.state,
            _RECEIPTS.c.times == before.times,
            _RECEIPTS.c.at == plain(before.at),
        )
        with writing(self._engine) as connection:
            change = update(_RECEIPTS).where(stands).values(**values)
            return bool(connection.execute(change).rowcount)

    def forget(self, until: datetime) -> int:
        with writing(self._engine) as connection:
            old = delete(_RECEIPTS).where(_RECEIPTS.c.at < plain(until))
            return connection.execute(old).rowcount

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _RECEIPTS)
        return engine
