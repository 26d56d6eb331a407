"""PINs in a database, through SQLAlchemy."""

import hmac
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    select,
    update,
)

from biometrics import SubjectId
from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from ivr.verify.attempts import Locked
from ivr.verify.pin import Cost, PinRecord
from ivr.verify.pins import Kept, Try

_METADATA = MetaData()
_PINS = Table(
    "pins",
    _METADATA,
    Column("label", String(64), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("cost_n", Integer, nullable=False),
    Column("cost_r", Integer, nullable=False),
    Column("cost_p", Integer, nullable=False),
    Column("set_ms", BigInteger, nullable=False),
    Column("wrong", Integer, nullable=False),
)

_EPOCH = datetime.fromtimestamp(0, UTC)


class SqlPins:
    """PINs in SQLite or PostgreSQL. Every thread and process may use the same ones.

    Rows are labelled by HMAC: without the key nobody can tell whose PIN it is.
    """

    def __init__(self, database: str | Engine, *, key: bytes) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine; it is opened when asked."""
        self._database = database
        self._key = key

    def standing(self, subject: SubjectId) -> Kept | None:
        with reading(self._engine) as connection:
            row = self._row(connection, subject)
        if row is None:
            return None
        return Kept(set_at=_EPOCH + timedelta(milliseconds=row.set_ms), wrong=row.wrong)

    def put(self, subject: SubjectId, record: PinRecord, now: datetime) -> None:
        row = {
            "salt": record.salt,
            "digest": record.digest,
            "cost_n": record.cost.n,
            "cost_r": record.cost.r,
            "cost_p": record.cost.p,
            "set_ms": (now - _EPOCH) // timedelta(milliseconds=1),
            "wrong": 0,
        }
        added = insert_or(self._engine, _PINS).values(label=self._label(subject), **row)
        with writing(self._engine) as connection:
            connection.execute(
                added.on_conflict_do_update(index_elements=[_PINS.c.label], set_=row)
            )

    def take_try(self, subject: SubjectId, *, most_wrong: int) -> Try | Locked | None:
        counted = update(_PINS).where(self._is_of(subject) & (_PINS.c.wrong < most_wrong))
        with writing(self._engine) as connection:
            is_counted = connection.execute(counted.values(wrong=_PINS.c.wrong + 1)).rowcount > 0
            row = self._row(connection, subject)
        if row is None:
            return None
        return _try(row, most_wrong) if is_counted else Locked(until=None)

    def forgive(self, subject: SubjectId) -> bool:
        with writing(self._engine) as connection:
            anew = update(_PINS).where(self._is_of(subject)).values(wrong=0)
            return connection.execute(anew).rowcount > 0

    def remove(self, subject: SubjectId) -> bool:
        with writing(self._engine) as connection:
            return connection.execute(delete(_PINS).where(self._is_of(subject))).rowcount > 0

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _PINS)
        return engine

    def _row(self, connection: Connection, subject: SubjectId) -> Row[Any] | None:
        return connection.execute(select(_PINS).where(self._is_of(subject))).first()

    def _is_of(self, subject: SubjectId) -> ColumnElement[bool]:
        return _PINS.c.label == self._label(subject)

    def _label(self, subject: SubjectId) -> str:
        return hmac.digest(self._key, subject.encode(), "sha256").hex()


def _try(row: Row[Any], most_wrong: int) -> Try:
    cost = Cost(n=row.cost_n, r=row.cost_r, p=row.cost_p)
    record = PinRecord(salt=row.salt, digest=row.digest, cost=cost)
    return Try(record=record, is_last=row.wrong >= most_wrong)
