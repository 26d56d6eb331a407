"""The table of callers who wait, and its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    and_,
    func,
    select,
    true,
    update,
)

from biometrics.storage.database import aware, plain
from ivr.call import CallId, Language
from ivr.queue.entry import AgentId, Entry, EntryId, State
from ivr.queue.order import Ageing
from ivr.queue.waiting import Able

ENTRIES = Table(
    "queue_entries",
    MetaData(),
    Column("id", String(64), primary_key=True),
    Column("call_id", String(256), nullable=False),
    # The same until it is over: a call waits once, and gateways use ids again.
    Column("open_call", String(256), unique=True),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("queue", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("intent", String(64), nullable=False),
    Column("skills", Text, nullable=False),
    Column("joined_at", DateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("is_live", Boolean, nullable=False),
    Column("is_call_back", Boolean, nullable=False),
    Column("claimed_by", String(128)),
    Column("claimed_at", DateTime),
    Column("heard_at", DateTime),
    Column("is_connected", Boolean, nullable=False),
    Column("hung_up_at", DateTime),
    Column("left_at", DateTime),
    Column("version", Integer, nullable=False),
)
_C = ENTRIES.c
Index("queue_entries_order", _C.is_live, _C.rank, _C.joined_at, _C.id)
Index("queue_entries_claims", _C.state, _C.claimed_by)
Index("queue_entries_over", _C.left_at)

_APART = "|"

CHANNEL = "rufwerk_queue"
"""Whoever listens there hears of changes once they are made (PostgreSQL)."""


def rank_again(connection: Connection, ageing: Ageing) -> None:
    """Ranks of an earlier setting of ageing become those of this one."""
    live = select(ENTRIES).where(_C.is_live.is_(True)).with_for_update(skip_locked=True)
    for row in connection.execute(live).all():
        entry = entry_of(row)
        if row.rank != ageing.rank(entry.priority, entry.joined_at):
            write(connection, entry, ageing)


def write(connection: Connection, entry: Entry, ageing: Ageing) -> None:
    """The whole row; whoever calls holds it."""
    ours = update(ENTRIES).where(_C.id == entry.id)
    connection.execute(ours.values(**row_of(entry, ageing)))
    tell(connection)


def tell(connection: Connection) -> None:
    """Once this transaction is done, whoever listens hears that something has changed."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


def within(able: Able) -> ColumnElement[bool]:
    """What somebody can take, as a condition that the order's index is walked with."""
    served = true() if able.queues is None else _C.queue.in_(sorted(able.queues))
    left: ColumnElement[str] = _C.skills
    for skill in sorted(able.skills):
        left = func.replace(left, f"{_APART}{skill}{_APART}", "")
    return and_(served, _C.language.in_(sorted(able.languages)), left == "")


def row_of(entry: Entry, ageing: Ageing) -> dict[str, Any]:
    return {
        "id": entry.id,
        "call_id": entry.call_id,
        "open_call": None if entry.is_over else entry.call_id,
        "token_digest": entry.token_digest,
        "queue": entry.queue,
        "language": entry.language,
        "priority": entry.priority,
        "rank": ageing.rank(entry.priority, entry.joined_at),
        "reasons": list(entry.reasons),
        "intent": entry.intent,
        "skills": "".join(f"{_APART}{skill}{_APART}" for skill in sorted(entry.skills)),
        "joined_at": plain(entry.joined_at),
        "state": entry.state,
        "is_live": entry.is_live,
        "is_call_back": entry.is_call_back,
        "claimed_by": entry.claimed_by,
        "claimed_at": _plain(entry.claimed_at),
        "heard_at": _plain(entry.heard_at),
        "is_connected": entry.is_connected,
        "hung_up_at": _plain(entry.hung_up_at),
        "left_at": _plain(entry.left_at),
        "version": entry.version,
    }


def entry_of(row: Row[Any]) -> Entry:
    return Entry(
        id=EntryId(row.id),
        call_id=CallId(row.call_id),
        token_digest=row.token_digest,
        queue=row.queue,
        language=Language(row.language),
        priority=row.priority,
        reasons=tuple(row.reasons),
        intent=row.intent,
        skills=frozenset(filter(None, row.skills.split(_APART))),
        joined_at=aware(row.joined_at),
        state=State(row.state),
        is_call_back=row.is_call_back,
        claimed_by=AgentId(row.claimed_by) if row.claimed_by is not None else None,
        claimed_at=aware(row.claimed_at),
        heard_at=aware(row.heard_at),
        is_connected=row.is_connected,
        hung_up_at=aware(row.hung_up_at),
        left_at=aware(row.left_at),
        version=row.version,
    )


def _plain(moment: datetime | None) -> datetime | None:
    return plain(moment) if moment else None
