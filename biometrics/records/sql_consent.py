"""The consent ledger in a database, through SQLAlchemy. Nothing else in this package imports it."""

from datetime import datetime
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
    func,
    insert,
    select,
    text,
)
from sqlalchemy.schema import Index

from biometrics.errors import StoreUnavailable
from biometrics.records.consent import (
    Channel,
    Consent,
    ConsentEntry,
    Purpose,
    Withdrawal,
    is_over,
    stands,
)
from biometrics.storage.database import aware, make_missing, open_engine, plain, reading, writing
from biometrics.voiceprint import SubjectId

_DAMAGED = "The consent ledger is damaged; restore it from a backup."

_METADATA = MetaData()
_ENTRIES = Table(
    "consent_entries",
    _METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("expires_at", DateTime),
    Column("text", String(64)),
    Column("text_sha256", String(64)),
    Column("language", String(8)),
    Column("channel", String(16)),
)
Index("consent_entries_subject", _ENTRIES.c.subject, _ENTRIES.c.purpose)

_APPEND_ONLY = [
    text(
        f"CREATE TRIGGER IF NOT EXISTS consent_no_{verb} BEFORE {verb} ON consent_entries "
        "BEGIN SELECT RAISE(ABORT, 'the consent ledger may only be added to'); END"
    )
    for verb in ("UPDATE", "DELETE")
]


class SqlLedger:
    """A ledger in SQLite or PostgreSQL. Every thread and process may use the same one."""

    def __init__(self, database: str | Engine) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the table if it is new.

        Raises:
            StoreUnavailable: it cannot be opened or the table not be created.
        """
        self._engine = open_engine(database)
        with writing(self._engine) as connection:
            make_missing(connection, _ENTRIES)
            if connection.dialect.name == "sqlite":
                for trigger in _APPEND_ONLY:
                    connection.execute(trigger)

    def grant(self, consent: Consent) -> None:
        self._add(
            subject=consent.subject,
            purpose=consent.purpose,
            at=plain(consent.given_at),
            expires_at=plain(consent.expires_at),
            text=consent.text,
            text_sha256=consent.text_sha256,
            language=consent.language,
            channel=consent.channel,
        )

    def withdraw(self, subject: SubjectId, purpose: Purpose, now: datetime) -> None:
        self._add(subject=subject, purpose=purpose, at=plain(now))

    def has(self, subject: SubjectId, purpose: Purpose, now: datetime) -> bool:
        query = (
            select(_ENTRIES)
            .where(_ENTRIES.c.subject == subject, _ENTRIES.c.purpose == purpose)
            .order_by(_ENTRIES.c.sequence.desc())
            .limit(1)
        )
        return any(stands(entry, now) for entry in self._read(query))

    def history(self, subject: SubjectId) -> tuple[ConsentEntry, ...]:
        query = select(_ENTRIES).where(_ENTRIES.c.subject == subject)
        return self._read(query.order_by(_ENTRIES.c.sequence))

    def lapsed(self, purpose: Purpose, now: datetime) -> tuple[SubjectId, ...]:
        about = _ENTRIES.c.purpose == purpose
        newest = select(func.max(_ENTRIES.c.sequence)).where(about).group_by(_ENTRIES.c.subject)
        query = select(_ENTRIES).where(_ENTRIES.c.sequence.in_(newest))
        last = self._read(query.order_by(_ENTRIES.c.sequence))
        return tuple(one.subject for one in last if isinstance(one, Consent) and is_over(one, now))

    def _read(self, query: Select[Any]) -> tuple[ConsentEntry, ...]:
        try:
            with reading(self._engine) as connection:
                return tuple(_entry(row) for row in connection.execute(query))
        except (ValueError, TypeError, AttributeError) as err:
            raise StoreUnavailable(_DAMAGED) from err

    def _add(self, **values: object) -> None:
        with writing(self._engine) as connection:
            connection.execute(insert(_ENTRIES), values)


def _entry(row: Row[Any]) -> ConsentEntry:
    purpose, at = Purpose(row.purpose), aware(row.at)
    if row.expires_at is None:
        return Withdrawal(subject=SubjectId(row.subject), purpose=purpose, withdrawn_at=at)
    return Consent(
        subject=SubjectId(row.subject),
        purpose=purpose,
        text=row.text,
        text_sha256=row.text_sha256,
        language=row.language,
        channel=Channel(row.channel),
        given_at=at,
        expires_at=aware(row.expires_at),
    )
