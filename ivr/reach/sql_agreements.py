"""Who agreed to be contacted, in a database, through SQLAlchemy."""

from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    insert,
    select,
    text,
)
from sqlalchemy.schema import Index

from biometrics.storage.database import aware, make_missing, open_engine, plain, reading, writing
from ivr.call import CustomerId
from ivr.reach.agreements import Agreed, Stopped, Wish

_METADATA = MetaData()
_ENTRIES = Table(
    "contact_agreements",
    _METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("customer", String(64), nullable=False),
    # None where the customer does not want to be contacted.
    Column("text", String(64)),
    Column("at", DateTime, nullable=False),
)
Index("contact_agreements_customer", _ENTRIES.c.customer)

_APPEND_ONLY = [
    text(
        f"CREATE TRIGGER IF NOT EXISTS contact_agreements_no_{verb} BEFORE {verb} "
        "ON contact_agreements "
        "BEGIN SELECT RAISE(ABORT, 'agreements may only be added to'); END"
    )
    for verb in ("UPDATE", "DELETE")
]


class SqlAgreements:
    """Agreements in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def add(self, wish: Wish) -> None:
        words = wish.text if isinstance(wish, Agreed) else None
        at = plain(wish.at)
        with writing(self._engine) as connection:
            added = insert(_ENTRIES).values(customer=wish.customer, text=words, at=at)
            connection.execute(added)

    def latest(self, customer: CustomerId) -> Wish | None:
        newest_first = _of(customer).order_by(_ENTRIES.c.sequence.desc())
        return next(iter(self._read(newest_first.limit(1))), None)

    def history(self, customer: CustomerId) -> tuple[Wish, ...]:
        return self._read(_of(customer).order_by(_ENTRIES.c.sequence))

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _ENTRIES)
            if connection.dialect.name == "sqlite":
                for trigger in _APPEND_ONLY:
                    connection.execute(trigger)
        return engine

    def _read(self, query: Select[Any]) -> tuple[Wish, ...]:
        with reading(self._engine) as connection:
            return tuple(map(_wish, connection.execute(query)))


def _of(customer: CustomerId) -> Select[Any]:
    return select(_ENTRIES).where(_ENTRIES.c.customer == customer)


def _wish(row: Row[Any]) -> Wish:
    customer, at = CustomerId(row.customer), aware(row.at)
    if row.text is None:
        return Stopped(customer=customer, at=at)
    return Agreed(customer=customer, text=row.text, at=at)
