"""The audit trail in a database, through SQLAlchemy. Nothing else in this package imports it."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from biometrics.errors import StoreUnavailable
from biometrics.records.audit import AuditEvent, Latest, entry_of
from biometrics.records.audit_chain import (
    GENESIS,
    AuditEntry,
    Broken,
    Checkpoint,
    Intact,
    check_chain,
    pseudonym,
    sealed,
)
from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from biometrics.voiceprint import SubjectId

_AT_A_TIME = 1_000

_METADATA = MetaData()
_ENTRIES = Table(
    "audit_entries",
    _METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
_HEAD = Table(
    "audit_head",
    _METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)

_LOCKED_HEAD = select(_HEAD.c.sequence, _HEAD.c.digest).where(_HEAD.c.id == 1).with_for_update()
_NEW_HEAD = (
    update(_HEAD)
    .where(_HEAD.c.id == 1)
    .values(sequence=bindparam("to"), digest=bindparam("with_digest"))
)

_APPEND_ONLY = [
    text(
        f"CREATE TRIGGER IF NOT EXISTS audit_no_{verb} BEFORE {verb} ON audit_entries "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail may only be added to'); END"
    )
    for verb in ("UPDATE", "DELETE")
]
"""Against mistakes; whoever can drop the trigger is found by the chain."""


class SqlAudit:
    """A trail in SQLite or PostgreSQL. Every thread and process may write to the same one."""

    def __init__(self, database: str | Engine, *, key: bytes) -> None:
        """Open `database`, an SQLAlchemy address or engine; `key` signs the entries.

        Raises:
            StoreUnavailable: it cannot be opened or the tables not be created.
        """
        self._engine = open_engine(database)
        self._key = key
        with writing(self._engine) as connection:
            make_missing(connection, _ENTRIES, _HEAD)
            if connection.dialect.name == "sqlite":
                for trigger in _APPEND_ONLY:
                    connection.execute(trigger)
            first = insert_or(self._engine, _HEAD).values(id=1, sequence=0, digest=GENESIS)
            connection.execute(first.on_conflict_do_nothing())

    def record(self, event: AuditEvent) -> None:
        with writing(self._engine) as connection:
            # The head's row is locked: whoever comes second waits until this entry is written.
            head = connection.execute(_LOCKED_HEAD).first()
            if head is None:
                raise StoreUnavailable("The audit trail has lost its head; check it.")
            entry = entry_of(event, (head.sequence, head.digest), self._key)
            connection.execute(insert(_ENTRIES), _columns(entry))
            connection.execute(_NEW_HEAD, {"to": entry.sequence, "with_digest": entry.digest})

    def entries(self, subject: SubjectId | None = None) -> Iterator[AuditEntry]:
        query = select(_ENTRIES).order_by(_ENTRIES.c.sequence)
        if subject is not None:
            query = query.where(_ENTRIES.c.subject == pseudonym(subject, self._key))
        with reading(self._engine) as connection:
            yield from map(_entry, connection.execute(query).yield_per(_AT_A_TIME))

    def latest(self, asked: Latest) -> tuple[AuditEntry, ...]:
        query = select(_ENTRIES).order_by(_ENTRIES.c.sequence.desc()).limit(asked.most)
        if asked.kinds:
            query = query.where(_ENTRIES.c.kind.in_(sorted(asked.kinds)))
        if asked.actor:
            query = query.where(_ENTRIES.c.actor == asked.actor)
        if asked.before is not None:
            query = query.where(_ENTRIES.c.sequence < asked.before)
        with reading(self._engine) as connection:
            return tuple(map(_entry, connection.execute(query)))

    def check(self, *checkpoints: Checkpoint) -> Intact | Broken:
        query = select(_ENTRIES).order_by(_ENTRIES.c.sequence)
        with reading(self._engine) as connection:
            # In this order what is written meanwhile lies behind the head, and is left for later.
            newest = connection.execute(select(func.max(_ENTRIES.c.sequence))).scalar() or 0
            head = _head(connection)
            if newest > head[0]:
                return Broken(sequence=head[0] + 1, reason="it lies behind the end of the trail")
            rows = connection.execute(query.where(_ENTRIES.c.sequence <= head[0]))
            entries = map(_entry, rows.yield_per(_AT_A_TIME))
            return check_chain(entries, head=head, key=self._key, checkpoints=checkpoints)

    def checkpoint(self, now: datetime) -> Checkpoint:
        with reading(self._engine) as connection:
            sequence, digest = _head(connection)
        return sealed(sequence, digest, at=now, key=self._key)


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(select(_HEAD.c.sequence, _HEAD.c.digest)).first()
    return (0, GENESIS) if row is None else (row.sequence, row.digest)


def _columns(entry: AuditEntry) -> dict[str, object]:
    return {
        "sequence": entry.sequence,
        "at": _time(entry.at),
        "actor": entry.actor,
        "kind": entry.kind,
        "subject": entry.subject,
        "details": _details(entry.details),
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _entry(row: Row[Any]) -> AuditEntry:
    at, details, digest = _read(row)
    return AuditEntry(
        sequence=row.sequence,
        at=at,
        actor=row.actor,
        kind=row.kind,
        subject=row.subject,
        details=details,
        previous=row.previous,
        digest=digest,
    )


def _read(row: Row[Any]) -> tuple[datetime, dict[str, str], str]:
    """Time and details that nobody can read, or that we write another way: no digest fits them."""
    try:
        at = datetime.fromisoformat(row.at)
        details = {str(name): str(code) for name, code in json.loads(row.details).items()}
    except (ValueError, TypeError, AttributeError):
        return datetime.fromtimestamp(0, UTC), {}, ""
    is_ours = (row.at, row.details) == (_time(at), _details(details))
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at, details, row.digest if is_ours else ""


def _time(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _details(details: Mapping[str, str]) -> str:
    return json.dumps(dict(details), sort_keys=True)
