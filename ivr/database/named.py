"""Whose voices the main database names."""

from typing import Any

from sqlalchemy import Connection, Engine, Select, column, inspect, select, table, union

from biometrics import SubjectId
from biometrics.storage.database import reading

_NAMING = ("consent_entries", "customers", "voiceprint_uses")
"""Every other table knows subjects by what only the keys can tell."""


def subjects_named(engine: Engine) -> tuple[SubjectId, ...]:
    """Raises StoreUnavailable."""
    with reading(engine) as connection:
        return tuple(map(SubjectId, _named(connection)))


def _named(connection: Connection) -> list[str]:
    there = set(inspect(connection).get_table_names())
    each: list[Select[Any]] = [
        select(column("subject")).select_from(table(one)) for one in _NAMING if one in there
    ]
    return sorted(connection.execute(union(*each)).scalars()) if each else []
