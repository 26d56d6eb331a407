"""The journal's tables, and records as their rows."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
)

from biometrics.storage.database import aware, plain
from ivr.journal.record import CallRecord, Outcome
from ivr.journal.tallies import Facet, hearing_percent, hour_of, llr_tenths, machine_s

log = logging.getLogger(__name__)

METADATA = MetaData()
CALLS = Table(
    "journal_calls",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("token", String(128), nullable=False),
    Column("customer_mark", String(128), nullable=False),
    Column("began_at", DateTime, nullable=False),
    Column("ended_at", DateTime, nullable=False),
    Column("business", String(64), nullable=False),
    Column("gateway", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("turns", Integer, nullable=False),
    Column("unheard", Integer, nullable=False),
    Column("not_understood", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("queue", String(64), nullable=False),
    Column("priority", Integer),
    Column("mood", String(16), nullable=False),
    Column("is_known", Boolean, nullable=False),
    Column("verification", String(32), nullable=False),
    Column("score", Float),
    Column("llr", Float),
    Column("proven_after_ms", Integer),
    Column("is_locked", Boolean, nullable=False),
    Column("hearing", Float),
    Column("fallbacks", Integer, nullable=False),
    Column("guess", String(64), nullable=False),
    Column("guessed_right", Boolean),
    Column("satisfaction", Integer),
    Column("waited_ms", Integer),
    Column("is_abandoned", Boolean, nullable=False),
    Column("handled_ms", Integer),
    Column("person_right", Boolean),
    Column("intent_right", Boolean),
    Column("solved", Boolean),
    # What follows is worked out once, so that counting needs no arithmetic of the database's.
    Column("hour", Integer, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("machine_s", Integer, nullable=False),
    Column("llr_tenths", Integer),
    Column("hearing_percent", Integer),
)
CODES = Table(
    "journal_codes",
    METADATA,
    Column("call", String(64), primary_key=True),
    Column("facet", String(8), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
)
Index("journal_calls_began", CALLS.c.began_at)
Index("journal_calls_token", CALLS.c.token)
Index("journal_calls_customer", CALLS.c.customer_mark, CALLS.c.began_at)

_PLAIN = tuple(
    one.name for one in fields(CallRecord) if one.name in CALLS.c and one.type is not datetime
)


def call_row(record: CallRecord) -> dict[str, Any]:
    return {
        **{name: getattr(record, name) for name in _PLAIN},
        "outcome": record.outcome.value,
        "began_at": plain(record.began_at),
        "ended_at": plain(record.ended_at),
        "hour": hour_of(record.began_at),
        "topic": record.topic,
        "machine_s": machine_s(record),
        "llr_tenths": llr_tenths(record),
        "hearing_percent": hearing_percent(record),
    }


def code_rows(record: CallRecord) -> list[dict[str, Any]]:
    codes = {Facet.INTENT: record.intents, Facet.SIGN: record.signs}
    return [
        {"call": record.id, "facet": facet.value, "position": position, "code": code}
        for facet, several in codes.items()
        for position, code in enumerate(several)
    ]


def records_of(calls: Collection[Row[Any]], codes: Iterable[Row[Any]]) -> tuple[CallRecord, ...]:
    """In the order of `calls`; `codes` are sorted by call, facet and position."""
    of_call = {
        key: tuple(row.code for row in rows)
        for key, rows in groupby(codes, key=lambda row: (row.call, row.facet))
    }
    found = (_readable(row, of_call) for row in calls)
    return tuple(record for record in found if record is not None)


def _readable(row: Row[Any], codes: Mapping[tuple[str, str], tuple[str, ...]]) -> CallRecord | None:
    """One that somebody has spoilt is left out: the others are told all the same."""
    try:
        return _record(row, codes)
    except (ValueError, AttributeError):
        log.warning("a record cannot be read", extra={"record": row.id})
        return None


def _record(row: Row[Any], codes: Mapping[tuple[str, str], tuple[str, ...]]) -> CallRecord:
    return CallRecord(
        **{name: getattr(row, name) for name in _PLAIN if name != "outcome"},
        outcome=Outcome(row.outcome),
        began_at=aware(row.began_at),
        ended_at=aware(row.ended_at),
        intents=codes.get((row.id, Facet.INTENT), ()),
        signs=codes.get((row.id, Facet.SIGN), ()),
    )


def column_of(facet: Facet) -> ColumnElement[Any]:
    """What the database groups by; codes are joined in."""
    match facet:
        case Facet.INTENT | Facet.SIGN:
            return CODES.c.code
        case Facet.WAITED_S:
            return CALLS.c.waited_ms // 1_000
        case Facet.HANDLED_S:
            return CALLS.c.handled_ms // 1_000
        case Facet.PROVEN_S:
            return CALLS.c.proven_after_ms // 1_000
        case _:
            return CALLS.c[facet.value]
