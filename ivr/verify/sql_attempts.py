"""Counts of failures in a database, through SQLAlchemy."""

from collections.abc import Iterable, Mapping, Sequence
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
    MetaData,
    Row,
    String,
    Table,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from ivr.settings import AttemptSettings
from ivr.verify.attempt_labels import Labels, label_of, labels_of
from ivr.verify.attempt_rules import Count, deciding, is_hasty, permission, window_start
from ivr.verify.attempts import Allowed, AttemptKeys, Kind, Locked, Standing, Whose

_METADATA = MetaData()
_COUNTS = Table(
    "attempts",
    _METADATA,
    Column("label", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    # Of a way: the labels that it belongs to, so that a person can open it with them.
    Column("subject", String(64), nullable=True),
    Column("number", String(64), nullable=True),
    Column("failures", Integer, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
)
_MET = Table(
    "attempts_met",
    _METADATA,
    Column("label", String(64), primary_key=True),
    Column("other", String(64), primary_key=True),
    Column("last_ms", BigInteger, nullable=False),
)

_EPOCH = datetime.fromtimestamp(0, UTC)


class SqlAttempts:
    """A count in SQLite or PostgreSQL. Every thread and process may use the same one.

    Rows are labelled by HMAC: without the key nobody can tell whom they count. Each event is one
    transaction, and what it adds is added by the database, so that no failure is lost.
    """

    def __init__(self, database: str | Engine, *, key: bytes, settings: AttemptSettings) -> None:
        """Count in `database`, an SQLAlchemy address or engine; it is opened when first asked."""
        self._database = database
        self._key = key
        self._settings = settings

    def may_try(self, keys: AttemptKeys, now: datetime) -> Allowed | Locked:
        with reading(self._engine) as connection:
            return self._permission(connection, labels_of(keys, self._key), now)

    def failed(self, keys: AttemptKeys, now: datetime) -> None:
        labels = labels_of(keys, self._key)
        with writing(self._engine) as connection:
            if not connection.execute(_one_more_on_the_way(labels, now)).rowcount:
                self._add(connection, labels.shared, now)
            if self._is_hasty(connection, labels, now):
                self._add(connection, {Kind.SOURCE: labels.source}, now)

    def succeeded(self, keys: AttemptKeys, now: datetime) -> None:
        labels = labels_of(keys, self._key)
        way = insert_or(self._engine, _COUNTS).values(
            **_row(Kind.WAY, labels.way, now, failures=0),
            subject=labels.subject,
            number=labels.number,
        )
        with writing(self._engine) as connection:
            if isinstance(self._permission(connection, labels, now), Locked):
                return  # others closed the door while this voice was compared
            # Not every driver counts the rows of an insert that may have had nothing to do.
            written = way.on_conflict_do_nothing().returning(_COUNTS.c.label)
            is_new = connection.execute(written).first() is not None
            cleared = labels.every if is_new else (labels.way, labels.source)
            may_be_cleared = _COUNTS.c.failures < self._settings.most_failures
            connection.execute(_anew(_COUNTS.c.label.in_(cleared) & may_be_cleared))

    def standing(self, whose: Whose, now: datetime) -> tuple[Standing, ...]:
        # The count itself comes before its ways.
        own_first = case((_COUNTS.c.kind == Kind.WAY, 1), else_=0)
        query = select(_COUNTS).where(self._of(whose)).order_by(own_first, _COUNTS.c.label)
        with reading(self._engine) as connection:
            return self._told(connection.execute(query).all(), now)

    def closed(self, now: datetime) -> tuple[Standing, ...]:
        many = _COUNTS.c.failures >= self._settings.free_failures
        query = select(_COUNTS).where(many).order_by(_COUNTS.c.label)
        with reading(self._engine) as connection:
            told = self._told(connection.execute(query).all(), now)
        return tuple(one for one in told if isinstance(one.permission, Locked))

    def reset(self, whose: Whose) -> bool:
        with writing(self._engine) as connection:
            return connection.execute(_anew(self._of(whose))).rowcount > 0

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _COUNTS, _MET)
        return engine

    def _permission(
        self, connection: Connection, labels: Labels, now: datetime
    ) -> Allowed | Locked:
        query = select(_COUNTS).where(_COUNTS.c.label.in_(labels.every))
        found = {row.label: _count(row) for row in connection.execute(query)}
        return permission(deciding(found, labels), self._settings, now)

    def _add(self, connection: Connection, labels: Mapping[Kind, str], now: datetime) -> None:
        """One failure more for each, in one statement; locked in one order by everybody."""
        rows = [_row(kind, label, now, failures=1) for kind, label in labels.items()]
        added = insert_or(self._engine, _COUNTS).values(sorted(rows, key=lambda row: row["label"]))
        more = added.on_conflict_do_update(
            index_elements=[_COUNTS.c.label],
            set_={
                "failures": _COUNTS.c.failures + 1,
                "last_ms": _later(_COUNTS.c.last_ms, added.excluded.last_ms),
            },
        )
        connection.execute(more)

    def _is_hasty(self, connection: Connection, labels: Labels, now: datetime) -> bool:
        subject, number, source = labels.subject, labels.number, labels.source
        self._meet(connection, [(number, subject), (source, subject), (subject, number)], now)
        met = _met(connection, (subject, number, source))
        return is_hasty(
            self._settings,
            subjects_of_number=met.get(number, 0),
            subjects_of_source=met.get(source, 0),
            numbers_of_subject=met.get(subject, 0),
        )

    def _meet(
        self, connection: Connection, pairs: Iterable[tuple[str, str]], now: datetime
    ) -> None:
        rows = [{"label": one, "other": other, "last_ms": _ms(now)} for one, other in sorted(pairs)]
        added = insert_or(self._engine, _MET).values(rows)
        newer = added.on_conflict_do_update(
            index_elements=[_MET.c.label, _MET.c.other],
            set_={"last_ms": _later(_MET.c.last_ms, added.excluded.last_ms)},
        )
        connection.execute(newer)
        since = _ms(window_start(self._settings, now))
        connection.execute(delete(_MET).where(_MET.c.last_ms <= since))

    def _of(self, whose: Whose) -> ColumnElement[bool]:
        label = label_of(whose, self._key)
        return or_(_COUNTS.c.label == label, _COUNTS.c.subject == label, _COUNTS.c.number == label)

    def _told(self, rows: Sequence[Row[Any]], now: datetime) -> tuple[Standing, ...]:
        return tuple(
            Standing(
                kind=Kind(row.kind),
                label=row.label,
                failures=row.failures,
                permission=permission([_count(row)], self._settings, now),
            )
            for row in rows
        )


def _one_more_on_the_way(labels: Labels, now: datetime) -> Any:  # noqa: ANN401 - SQLAlchemy's Update
    counted = update(_COUNTS).where(_COUNTS.c.label == labels.way)
    return counted.values(
        failures=_COUNTS.c.failures + 1, last_ms=_later(_COUNTS.c.last_ms, _ms(now))
    )


def _anew(which: ColumnElement[bool]) -> Any:  # noqa: ANN401 - SQLAlchemy's Update
    return update(_COUNTS).where(which).values(failures=0)


def _met(connection: Connection, labels: Iterable[str]) -> dict[str, int]:
    """How many others each has met in the window."""
    query = select(_MET.c.label, func.count()).where(_MET.c.label.in_(labels))
    rows = connection.execute(query.group_by(_MET.c.label))
    return {row[0]: row[1] for row in rows}


def _row(kind: Kind, label: str, now: datetime, *, failures: int) -> dict[str, Any]:
    return {"label": label, "kind": kind.value, "failures": failures, "last_ms": _ms(now)}


def _later(before: ColumnElement[int], now: Any) -> ColumnElement[int]:  # noqa: ANN401 - a column or a number
    """A clock that was set back makes no wait shorter."""
    return case((before > now, before), else_=now)


def _count(row: Row[Any]) -> Count:
    return Count(failures=row.failures, last_at=_EPOCH + timedelta(milliseconds=row.last_ms))


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
