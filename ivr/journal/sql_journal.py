"""The journal in a database, through SQLAlchemy."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, select, update

from biometrics.storage.database import (
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.journal.journal import Later
from ivr.journal.journal_tables import (
    CALLS,
    CODES,
    call_row,
    code_rows,
    column_of,
    records_of,
)
from ivr.journal.memory_journal import known_of
from ivr.journal.record import CallRecord, RecordId
from ivr.journal.tallies import EACH, Counts, Facet, Scope

_AT_ONCE = 1_000


class SqlJournal:
    """Keeps records in SQLite or PostgreSQL and counts them. Every thread and process may."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def write(self, record: CallRecord) -> None:
        self.write_all((record,))

    def write_all(self, records: Iterable[CallRecord]) -> None:
        waiting = iter(records)
        with writing(self._engine) as connection:
            while some := tuple(islice(waiting, _AT_ONCE)):
                self._insert(connection, some)

    def add_later(self, token: str, later: Later) -> bool:
        known = known_of(later)
        if not token:
            return False
        its_call = CALLS.c.token == token
        with writing(self._engine) as connection:
            if not known:
                return connection.execute(select(CALLS.c.id).where(its_call)).first() is not None
            return connection.execute(update(CALLS).where(its_call).values(**known)).rowcount > 0

    def find(self, record: RecordId) -> CallRecord | None:
        return next(iter(self._read(CALLS.c.id == record, most=1)), None)

    def of_customer(self, mark: str, *, most: int) -> tuple[CallRecord, ...]:
        return self._read(CALLS.c.customer_mark == mark, most=most) if mark else ()

    def latest(self, scope: Scope, *, most: int) -> tuple[CallRecord, ...]:
        return self._read(*_within(scope), most=most)

    def forget_before(self, moment: datetime) -> int:
        is_old = CALLS.c.began_at < plain(moment)
        of_old = CODES.c.call.in_(select(CALLS.c.id).where(is_old))
        with writing(self._engine) as connection:
            connection.execute(delete(CODES).where(of_old))
            return connection.execute(delete(CALLS).where(is_old)).rowcount

    def tally(self, scope: Scope, *by: Facet) -> Counts:
        columns = [column_of(facet) for facet in by]
        query = select(*columns, func.count()).where(*_within(scope)).select_from(CALLS)
        for facet in EACH.intersection(by):
            query = query.join(CODES, and_(CODES.c.call == CALLS.c.id, CODES.c.facet == facet))
        with reading(self._engine) as connection:
            rows = connection.execute(query.group_by(*columns)).all()
        return {tuple(row[:-1]): row[-1] for row in rows if row[-1]}

    def _read(self, *which: ColumnElement[bool], most: int) -> tuple[CallRecord, ...]:
        query = select(CALLS).where(*which).order_by(CALLS.c.began_at.desc(), CALLS.c.id.desc())
        codes = select(CODES).order_by(CODES.c.call, CODES.c.facet, CODES.c.position)
        with reading(self._engine) as connection:
            calls = connection.execute(query.limit(most)).all()
            of_these = codes.where(CODES.c.call.in_([row.id for row in calls]))
            return records_of(calls, connection.execute(of_these))

    def _insert(self, connection: Connection, records: tuple[CallRecord, ...]) -> None:
        there = select(CALLS.c.id).where(CALLS.c.id.in_([one.id for one in records]))
        known = set(connection.execute(there).scalars())
        new_ones = [one for one in records if one.id not in known]
        codes = [row for record in new_ones for row in code_rows(record)]
        for table, rows in ((CALLS, list(map(call_row, new_ones))), (CODES, codes)):
            if rows:
                new: Any = insert_or(self._engine, table).on_conflict_do_nothing()
                connection.execute(new, rows)

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, CALLS, CODES)
        return engine


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    named = {
        CALLS.c.business: scope.business,
        CALLS.c.language: scope.language,
        CALLS.c.gateway: scope.gateway,
    }
    return [
        CALLS.c.began_at >= plain(scope.since),
        CALLS.c.began_at < plain(scope.until),
        *(column == word for column, word in named.items() if word),
    ]
