"""Feedback on guesses in a database, through SQLAlchemy."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    select,
)

from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from ivr.identify.guesses import Tally

_METADATA = MetaData()
_TALLIES = Table(
    "guess_tallies",
    _METADATA,
    Column("business", String(64), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("right", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
)
_MARKS = Table(
    "guess_marks",
    _METADATA,
    Column("mark", String(64), primary_key=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
)

_EPOCH = datetime.fromtimestamp(0, UTC)
_KEPT = timedelta(days=400)
"""No policy makes a guess of an event for so long."""


class SqlFeedback:
    """Feedback in SQLite or PostgreSQL. Every thread and process may use the same one."""

    def __init__(self, database: str | Engine) -> None:
        """Keep it in `database`, an SQLAlchemy address or engine; it is opened when asked."""
        self._database = database

    def record(self, business: str, kind: str, *, is_right: bool, at: datetime, mark: str) -> None:
        right, wrong = int(is_right), int(not is_right)
        tally = insert_or(self._engine, _TALLIES).values(
            business=business, kind=kind, right=right, wrong=wrong
        )
        counted = tally.on_conflict_do_update(
            index_elements=[_TALLIES.c.business, _TALLIES.c.kind],
            set_={"right": _TALLIES.c.right + right, "wrong": _TALLIES.c.wrong + wrong},
        )
        marked = insert_or(self._engine, _MARKS).values(mark=mark, at_ms=_ms(at))
        with writing(self._engine) as connection:
            connection.execute(counted)
            if not is_right:
                connection.execute(marked.on_conflict_do_nothing())
                connection.execute(delete(_MARKS).where(_MARKS.c.at_ms < _ms(at - _KEPT)))

    def counts(self, business: str) -> Mapping[str, Tally]:
        query = select(_TALLIES).where(_TALLIES.c.business == business)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return {row.kind: Tally(right=row.right, wrong=row.wrong) for row in rows}

    def refused(self, marks: Collection[str]) -> frozenset[str]:
        query = select(_MARKS.c.mark).where(_MARKS.c.mark.in_(marks))
        with reading(self._engine) as connection:
            return frozenset(connection.execute(query).scalars())

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _TALLIES, _MARKS)
        return engine


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
