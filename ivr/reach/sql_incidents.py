"""Incidents in a database, through SQLAlchemy."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
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
from ivr.call import CustomerId
from ivr.errors import BadIncident, UnknownIncident
from ivr.reach.incident import Affected, Incident, IncidentId, Severity, Tally
from ivr.reach.incidents import NONE_OF_THIS_ID, already_there, over_at

_METADATA = MetaData()
_INCIDENTS = Table(
    "incidents",
    _METADATA,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("starts_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("expected_end", DateTime),
    Column("severity", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("may_mention", Boolean, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("affected", JSON, nullable=False),
    Column("heard", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
)


class SqlIncidents:
    """Incidents in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database

    def add(self, incident: Incident) -> None:
        added = insert_or(self._engine, _INCIDENTS).values(**_row(incident), heard=0, ended=0)
        # What came in is asked for: PostgreSQL's driver counts no rows of such an insert.
        new = added.on_conflict_do_nothing().returning(_INCIDENTS.c.id)
        with writing(self._engine) as connection:
            if connection.execute(new).first() is None:
                raise BadIncident(already_there(incident))

    def end(self, incident: IncidentId, now: datetime) -> Incident:
        query = select(_INCIDENTS).where(_INCIDENTS.c.id == incident)
        with writing(self._engine) as connection:
            row = connection.execute(query.with_for_update()).first()
            if row is None:
                raise UnknownIncident(NONE_OF_THIS_ID)
            over = over_at(_incident(row), now)
            ended = update(_INCIDENTS).where(_INCIDENTS.c.id == incident)
            connection.execute(ended.values(ends_at=plain(over.ends_at)))
        return over

    def find(self, incident: IncidentId) -> Incident | None:
        return next(iter(self._read(_INCIDENTS.c.id == incident)), None)

    def on(self, now: datetime) -> tuple[Incident, ...]:
        at = plain(now)
        return self._read((_INCIDENTS.c.starts_at <= at) & (at < _INCIDENTS.c.ends_at))

    def heard(self, incident: IncidentId) -> None:
        self._count(incident, _INCIDENTS.c.heard)

    def ended(self, incident: IncidentId) -> None:
        self._count(incident, _INCIDENTS.c.ended)

    def tallies(self) -> tuple[Tally, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(_INCIDENTS).order_by(*_BY_START)).all()
        return tuple(
            Tally(incident=_incident(row), heard=row.heard, ended=row.ended) for row in rows
        )

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _INCIDENTS)
        return engine

    def _read(self, which: ColumnElement[bool]) -> tuple[Incident, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(_INCIDENTS).where(which).order_by(*_BY_START))
            return tuple(map(_incident, rows))

    def _count(self, incident: IncidentId, column: Column[int]) -> None:
        """Added by the database, so that no call is lost among many at once."""
        one_more = update(_INCIDENTS).where(_INCIDENTS.c.id == incident)
        with writing(self._engine) as connection:
            connection.execute(one_more.values({column: column + 1}))


_BY_START = (_INCIDENTS.c.starts_at, _INCIDENTS.c.id)


def _row(incident: Incident) -> dict[str, Any]:
    affected, expected = incident.affected, incident.expected_end
    return {
        "id": incident.id,
        "kind": incident.kind,
        "starts_at": plain(incident.starts_at),
        "ends_at": plain(incident.ends_at),
        "expected_end": plain(expected) if expected else None,
        "severity": incident.severity.value,
        "is_public": incident.is_public,
        "may_mention": incident.may_mention,
        "facts": dict(incident.facts),
        "affected": {
            "customers": sorted(affected.customers),
            "facts": dict(affected.facts),
            "attributes": {name: list(begins) for name, begins in affected.attributes.items()},
            "number_prefixes": list(affected.number_prefixes),
            "is_everybody": affected.is_everybody,
        },
    }


def _incident(row: Row[Any]) -> Incident:
    affected = row.affected
    return Incident(
        id=IncidentId(row.id),
        kind=row.kind,
        starts_at=aware(row.starts_at),
        ends_at=aware(row.ends_at),
        expected_end=aware(row.expected_end),
        severity=Severity(row.severity),
        is_public=row.is_public,
        may_mention=row.may_mention,
        facts=row.facts,
        affected=Affected(
            customers=frozenset(map(CustomerId, affected["customers"])),
            facts=affected["facts"],
            attributes={name: tuple(begins) for name, begins in affected["attributes"].items()},
            number_prefixes=tuple(affected["number_prefixes"]),
            is_everybody=affected["is_everybody"],
        ),
    )
