"""Contacts that were proposed, in a database, through SQLAlchemy."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    and_,
    delete,
    select,
    true,
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
from ivr.call import CustomerId
from ivr.reach.incident import IncidentId
from ivr.reach.outbox import (
    FINISHED,
    WAITING,
    Contact,
    Status,
    Unclaimed,
    claimed,
    first_of,
)
from ivr.reach.propose import Channel, Proposal

_METADATA = MetaData()
_CONTACTS = Table(
    "contacts",
    _METADATA,
    Column("key", String(32), primary_key=True),
    Column("incident", String(64), nullable=False),
    Column("customer", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("earliest", DateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("why", String(32), nullable=False),
)
Index("contacts_customer", _CONTACTS.c.customer)
Index("contacts_status", _CONTACTS.c.status, _CONTACTS.c.earliest)


class SqlOutbox:
    """Contacts in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def propose(self, proposals: Iterable[Proposal], now: datetime) -> int:
        rows = [_row(first_of(proposal, now)) for proposal in proposals]
        # What came in is asked for: PostgreSQL's driver counts no rows of such an insert.
        new = insert_or(self._engine, _CONTACTS).on_conflict_do_nothing().returning(_CONTACTS.c.key)
        with writing(self._engine) as connection:
            return sum(connection.execute(new.values(row)).first() is not None for row in rows)

    def approve(self, now: datetime, incident: IncidentId | None = None) -> int:
        proposed = (_CONTACTS.c.status == Status.PROPOSED) & _about(incident)
        return self._change(proposed, status=Status.APPROVED, changed_at=plain(now))

    def due(self, now: datetime) -> tuple[Contact, ...]:
        is_due = and_(_CONTACTS.c.status == Status.APPROVED, _CONTACTS.c.earliest <= plain(now))
        query = select(_CONTACTS).where(is_due)
        return self._read(query.order_by(_CONTACTS.c.earliest, _CONTACTS.c.key))

    def claim(self, contact: Contact, now: datetime, most: int) -> Contact | Unclaimed:
        # All rows of the customer are locked, so that two processes do not both take the last
        # place of the week.
        query = select(_CONTACTS).where(_CONTACTS.c.customer == contact.customer)
        with writing(self._engine) as connection:
            locked = query.order_by(_CONTACTS.c.key).with_for_update()
            rows = tuple(map(_contact, connection.execute(locked)))
            kept = next((one for one in rows if one.key == contact.key), None)
            if kept is None or kept.status is not Status.APPROVED:
                return Unclaimed.TAKEN
            if sum(one.uses_week(now) for one in rows) >= most:
                return Unclaimed.ENOUGH_THIS_WEEK
            ours = claimed(kept, now)
            taken = update(_CONTACTS).where(_CONTACTS.c.key == contact.key)
            connection.execute(taken.values(**_row(ours)))
        return ours

    def settle(self, contact: Contact, status: Status, now: datetime, why: str = "") -> None:
        self._change(_unchanged(contact), status=status, changed_at=plain(now), why=why)

    def postpone(self, contact: Contact, until: datetime, now: datetime) -> None:
        self._change(
            _unchanged(contact),
            status=Status.APPROVED,
            changed_at=plain(now),
            earliest=plain(until),
        )

    def stuck(self, before: datetime) -> tuple[Contact, ...]:
        is_stuck = and_(
            _CONTACTS.c.status == Status.SENDING, _CONTACTS.c.changed_at < plain(before)
        )
        return self._read(select(_CONTACTS).where(is_stuck).order_by(*_IN_ORDER))

    def stop(self, customer: CustomerId, now: datetime) -> int:
        waiting = and_(_CONTACTS.c.customer == customer, _CONTACTS.c.status.in_(WAITING))
        return self._change(waiting, status=Status.STOPPED, changed_at=plain(now), why="stopped")

    def forget(self, before: datetime) -> int:
        old = and_(_CONTACTS.c.status.in_(FINISHED), _CONTACTS.c.changed_at < plain(before))
        with writing(self._engine) as connection:
            return connection.execute(delete(_CONTACTS).where(old)).rowcount

    def recent(self, customer: CustomerId, now: datetime) -> int:
        query = select(_CONTACTS).where(_CONTACTS.c.customer == customer)
        return sum(one.is_waiting or one.uses_week(now) for one in self._read(query))

    def all(self, incident: IncidentId | None = None) -> tuple[Contact, ...]:
        return self._read(select(_CONTACTS).where(_about(incident)).order_by(*_IN_ORDER))

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _CONTACTS)
        return engine

    def _read(self, query: Select[Any]) -> tuple[Contact, ...]:
        with reading(self._engine) as connection:
            return tuple(map(_contact, connection.execute(query)))

    def _change(self, which: ColumnElement[bool], **values: object) -> int:
        with writing(self._engine) as connection:
            return connection.execute(update(_CONTACTS).where(which).values(**values)).rowcount


_IN_ORDER = (_CONTACTS.c.incident, _CONTACTS.c.customer)


def _about(incident: IncidentId | None) -> ColumnElement[bool]:
    return true() if incident is None else _CONTACTS.c.incident == incident


def _unchanged(contact: Contact) -> ColumnElement[bool]:
    return and_(
        _CONTACTS.c.key == contact.key,
        _CONTACTS.c.status == contact.status,
        _CONTACTS.c.tries == contact.tries,
    )


def _row(contact: Contact) -> dict[str, Any]:
    return {
        "key": contact.key,
        "incident": contact.incident,
        "customer": contact.customer,
        "channel": contact.channel,
        "earliest": plain(contact.earliest),
        "status": contact.status,
        "changed_at": plain(contact.changed_at),
        "tries": contact.tries,
        "why": contact.why,
    }


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        incident=IncidentId(row.incident),
        customer=CustomerId(row.customer),
        channel=Channel(row.channel),
        earliest=aware(row.earliest),
        status=Status(row.status),
        changed_at=aware(row.changed_at),
        tries=row.tries,
        why=row.why,
    )
