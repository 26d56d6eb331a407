"""Rows for any table: every kind of value that its columns take, and nothing where they take it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
)

from biometrics.storage.database import plain

Rows = Mapping[str, list[tuple[Any, ...]]]

_ROWS = 3


def fill(connection: Connection, tables: Iterable[Table]) -> None:
    """Some rows for each."""
    for table in tables:
        rows = [{one.name: _value(one, number) for one in table.c} for number in range(_ROWS)]
        connection.execute(insert(table), rows)


def rows_in(connection: Connection, tables: Iterable[Table]) -> Rows:
    """All rows, in the order of their keys."""
    return {
        table.name: [
            tuple(row)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in tables
    }


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number == 1:
        return None
    match column.type:
        case Boolean():
            return number % 2 == 0
        case LargeBinary():
            return bytes([number]) * (column.type.length or 0) or bytes(range(256)) * (number + 1)
        case DateTime():
            return plain(datetime(2026, 11, 26, 9, 30, number, 123_456 * (number % 2), tzinfo=UTC))
        case Date():
            return date(1981, 5, 14 + number)
        case JSON():
            return {"Zürich": ["é\n\"'", number, None, 0.5, {"deep": True}]}
        case Float():
            return 0.1 + number
        case Integer():
            return number + 1
    return f"ü{number}"
