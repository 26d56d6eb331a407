"""Accounts in a database, through SQLAlchemy."""

from functools import cached_property
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    and_,
    select,
    update,
)

from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from ivr.call import Language
from ivr.people.account import Account
from ivr.people.person import Person, PersonId, Role

_METADATA = MetaData()
_PEOPLE = Table(
    "people",
    _METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("queues", Text, nullable=False),
    Column("languages", String(64), nullable=False),
    Column("skills", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("hashed", String(255), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)


class SqlPeople:
    """Accounts in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def find(self, person: PersonId) -> Account | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(_PEOPLE).where(_PEOPLE.c.id == person)).first()
        return _account(row) if row else None

    def all(self) -> tuple[Account, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(_PEOPLE).order_by(_PEOPLE.c.id)).all()
        return tuple(map(_account, rows))

    def add(self, account: Account) -> bool:
        new = insert_or(self._engine, _PEOPLE).on_conflict_do_nothing()
        made = plain(account.made_at)
        row = {"id": account.id, "made_at": made, "version": account.version, **_columns(account)}
        with writing(self._engine) as connection:
            # PostgreSQL's driver counts no rows of an insert.
            kept = connection.execute(new.values(**row).returning(_PEOPLE.c.id))
            return kept.first() is not None

    def change(self, account: Account) -> bool:
        stands = and_(_PEOPLE.c.id == account.id, _PEOPLE.c.version == account.version)
        change = update(_PEOPLE).where(stands)
        with writing(self._engine) as connection:
            values = {"version": account.version + 1, **_columns(account)}
            return bool(connection.execute(change.values(**values)).rowcount)

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _PEOPLE)
        return engine


def _columns(account: Account) -> dict[str, Any]:
    person = account.person
    return {
        "name": person.name,
        "role": person.role,
        "language": person.language,
        "queues": _joined(person.queues),
        "languages": _joined(person.languages),
        "skills": _joined(person.skills),
        "is_active": person.is_active,
        "hashed": account.hashed,
        "epoch": account.epoch,
    }


def _joined(codes: frozenset[str]) -> str:
    return " ".join(sorted(codes))


def _account(row: Row[Any]) -> Account:
    """A role that this version does not know opens nothing: the account counts as off."""
    is_known = row.role in set(Role)
    person = Person(
        id=PersonId(row.id),
        name=row.name,
        role=Role(row.role) if is_known else Role.AGENT,
        language=Language(row.language),
        queues=frozenset(row.queues.split()),
        languages=frozenset(map(Language, row.languages.split())),
        skills=frozenset(row.skills.split()),
        is_active=bool(row.is_active) and is_known,
    )
    return Account(
        person=person,
        hashed=row.hashed,
        made_at=aware(row.made_at),
        epoch=row.epoch,
        version=row.version,
    )
