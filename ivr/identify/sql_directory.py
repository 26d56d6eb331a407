"""The directory of customers in a SQL database."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

from sqlalchemy import JSON, Engine, ForeignKey, String, create_engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
)

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language, PhoneNumber, Unknown
from ivr.errors import DirectoryUnavailable
from ivr.identify.directory import Entry

_AT_ONCE = 500
"""Customers that are written together; each may have a handful of numbers."""


class _Table(DeclarativeBase):
    pass


class _CustomerRow(_Table):
    __tablename__ = "customers"

    customer_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(2))
    birth_date: Mapped[date | None]
    tier: Mapped[str] = mapped_column(String(32))
    is_vulnerable: Mapped[bool]
    numbers: Mapped[list["_NumberRow"]] = relationship(cascade="all, delete-orphan")
    events: Mapped[list["_EventRow"]] = relationship(
        cascade="all, delete-orphan", order_by="_EventRow.position"
    )
    preferences: Mapped[list["_PreferenceRow"]] = relationship(cascade="all, delete-orphan")


class _NumberRow(_Table):
    __tablename__ = "customer_numbers"

    e164: Mapped[str] = mapped_column(String(20), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.customer_id"), index=True)


class _EventRow(_Table):
    __tablename__ = "customer_events"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.customer_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    may_mention: Mapped[bool]


class _PreferenceRow(_Table):
    """A table of its own: directories that were made before it open as they are."""

    __tablename__ = "customer_preferences"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.customer_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class SqlDirectory:
    """A directory in any database that SQLAlchemy reaches; its tables are made when missing."""

    def __init__(self, database: str | Engine) -> None:
        """Open `database`, an SQLAlchemy address or engine."""
        self._engine = _engine(database) if isinstance(database, str) else database
        with self._translated():
            _Table.metadata.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def find(self, number: PhoneNumber) -> Caller | Unknown:
        with self._translated(), Session(self._engine) as session:
            found = session.scalar(
                select(_CustomerRow).join(_NumberRow).where(_NumberRow.e164 == number.e164)
            )
            return _caller(found) if found else Unknown()

    def put(self, entries: Iterable[Entry]) -> None:
        with self._translated(), Session(self._engine) as session, session.begin():
            rest = iter(entries)
            while some := _settled(islice(rest, _AT_ONCE)):
                _replace(session, some)

    def all(self) -> tuple[Entry, ...]:
        with self._translated(), Session(self._engine) as session:
            every = select(_CustomerRow).order_by(_CustomerRow.customer_id)
            # A query for each table, and not for each customer.
            rows = session.scalars(every.options(selectinload("*")))
            return tuple(_entry(row) for row in rows)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as err:
            raise DirectoryUnavailable(
                "The directory of callers cannot be reached; nothing was changed."
            ) from err


def _engine(address: str) -> Engine:
    is_file = address.startswith("sqlite")
    return create_engine(address, connect_args={"timeout": 2} if is_file else {})


def _settled(entries: Iterable[Entry]) -> dict[str, Entry]:
    """By customer, as they stand when all are put one after the other."""
    found: dict[str, Entry] = {}
    owners: dict[PhoneNumber, str] = {}
    for entry in entries:
        customer = entry.caller.customer_id
        for number in entry.numbers:
            if (other := found.get(owners.get(number, ""))) is not None:
                kept = tuple(one for one in other.numbers if one != number)
                found[other.caller.customer_id] = replace(other, numbers=kept)
            owners[number] = customer
        found[customer] = entry
    return found


def _replace(session: Session, entries: Mapping[str, Entry]) -> None:
    moved = [number.e164 for entry in entries.values() for number in entry.numbers]
    session.execute(delete(_NumberRow).where(_NumberRow.e164.in_(moved)))
    for table in (_NumberRow, _EventRow, _PreferenceRow, _CustomerRow):
        session.execute(delete(table).where(table.customer_id.in_(list(entries))))
    session.add_all([_row(entry) for entry in entries.values()])
    session.flush()
    # A session looks at all it holds each time; what is written is not needed any more.
    session.expunge_all()


def _row(entry: Entry) -> _CustomerRow:
    caller = entry.caller
    return _CustomerRow(
        customer_id=caller.customer_id,
        subject=caller.subject,
        name=caller.name,
        language=caller.language,
        birth_date=caller.birth_date,
        tier=caller.tier,
        is_vulnerable=caller.is_vulnerable,
        numbers=[_NumberRow(e164=number.e164) for number in entry.numbers],
        events=[
            _EventRow(
                position=position,
                kind=event.kind,
                at=event.at.astimezone(UTC).replace(tzinfo=None),
                facts=dict(event.facts),
                may_mention=event.may_mention,
            )
            for position, event in enumerate(caller.events)
        ],
        preferences=[
            _PreferenceRow(name=name, value=value) for name, value in caller.preferences.items()
        ],
    )


def _entry(row: _CustomerRow) -> Entry:
    numbers = sorted(number.e164 for number in row.numbers)
    return Entry(caller=_caller(row), numbers=tuple(PhoneNumber(e164=e164) for e164 in numbers))


def _caller(row: _CustomerRow) -> Caller:
    return Caller(
        customer_id=CustomerId(row.customer_id),
        subject=SubjectId(row.subject),
        name=row.name,
        language=Language(row.language) if row.language else None,
        birth_date=row.birth_date,
        tier=row.tier,
        is_vulnerable=row.is_vulnerable,
        events=tuple(
            Event(
                kind=event.kind,
                at=event.at.replace(tzinfo=UTC),
                facts=event.facts,
                may_mention=event.may_mention,
            )
            for event in row.events
        ),
        preferences={each.name: each.value for each in row.preferences},
    )
