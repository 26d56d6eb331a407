"""One row of any table as one line of JSON, and back."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, DateTime, LargeBinary

Value = Any


def line_of(row: Sequence[Value]) -> bytes:
    """With its end of line; bytes in Base64, times as ISO 8601."""
    text = json.dumps([_written(value) for value in row], ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def reader_of(columns: Sequence[Column[Any]]) -> Callable[[bytes], dict[str, Value]]:
    """Reads a line as the row of these columns; raises ValueError where it is none."""
    names = [column.name for column in columns]
    readers = [_reader(column) for column in columns]

    def read(line: bytes) -> dict[str, Value]:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError
        read = [
            None if value is None else reader(value)
            for reader, value in zip(readers, values, strict=True)
        ]
        return dict(zip(names, read, strict=True))

    return read


def _written(value: Value) -> Value:
    match value:
        case bytes() | memoryview():
            return b64encode(value).decode()
        case date():
            return value.isoformat()
    return value


def _reader(column: Column[Any]) -> Callable[[Value], Value]:
    match column.type:
        case LargeBinary():
            return _bytes
        case DateTime():
            return datetime.fromisoformat
        case Date():
            return date.fromisoformat
    return _as_it_is


def _bytes(text: Value) -> bytes:
    return b64decode(text, validate=True)


def _as_it_is(value: Value) -> Value:
    return value
