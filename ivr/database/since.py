"""What was decided after a backup was made: it is not taken back with the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from ivr.database.archive import Backup
from ivr.database.values import reader_of

Rows = Sequence[Mapping[str, Any]]

_LEDGERS = ("audit_entries", "consent_entries", "contact_agreements")
"""Only ever added to, and numbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Of a database that its own backup is put back into."""

    later: Mapping[str, Rows] = field(default_factory=dict)
    """What ledgers hold behind the backup's last entry."""

    head: Rows = ()
    """The end of the audit trail, where it is longer."""

    revoked: Rows = ()
    """API keys."""

    people: Rows = ()
    """All accounts; the later version of each counts."""


def decided_since(connection: Connection, backup: Backup, tables: Mapping[str, Table]) -> Since:
    """What would be lost; a ledger that does not go on from the backup's is another one's."""
    later = {
        name: rows
        for name in _LEDGERS
        if name in backup.manifest.tables and (rows := _later(connection, backup, tables[name]))
    }
    keys = tables["api_keys"]
    return Since(
        later=later,
        head=_all(connection, tables["audit_head"]) if "audit_entries" in later else (),
        revoked=_all(connection, keys, keys.c.revoked_at.is_not(None)),
        people=_all(connection, tables["people"]),
    )


def decide_again(connection: Connection, since: Since, tables: Mapping[str, Table]) -> None:
    """After the backup's rows are there, and up to date."""
    for name, rows in since.later.items():
        connection.execute(insert(tables[name]), rows)
    if since.head:
        connection.execute(delete(tables["audit_head"]))
        connection.execute(insert(tables["audit_head"]), since.head)
    keys, people = tables["api_keys"], tables["people"]
    for row in since.revoked:
        same = update(keys).where(keys.c.digest == row["digest"], keys.c.revoked_at.is_(None))
        connection.execute(same.values(revoked_at=row["revoked_at"]))
    for row in since.people:
        earlier = update(people).where(people.c.id == row["id"])
        connection.execute(earlier.where(people.c.version < row["version"]).values(**row))


def _later(connection: Connection, backup: Backup, ledger: Table) -> Rows:
    last = _last(backup, ledger)
    if last is None:
        return ()
    is_same = [ledger.c[name].is_not_distinct_from(value) for name, value in last.items()]
    if connection.execute(select(ledger.c.sequence).where(*is_same)).first() is None:
        return ()
    return _all(connection, ledger, ledger.c.sequence > last["sequence"])


def _last(backup: Backup, ledger: Table) -> Mapping[str, Any] | None:
    columns = [ledger.c[name] for name in backup.manifest.tables[ledger.name].columns]
    line = b""
    for each in backup.lines(ledger.name):
        line = each
    return reader_of(columns)(line) if line else None


def _all(connection: Connection, table: Table, *which: Any) -> Rows:  # noqa: ANN401 - conditions
    query = select(table).where(*which).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]
