"""Tables as people export them: which encoding and which delimiter they are in, and their rows."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from ivr.errors import BadDirectory

_DELIMITERS = ";,\t|"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WINDOWS = "cp1252"
"""What a German Windows writes that knows no better."""

_LARGEST = 512 * 1024 * 1024
"""Bytes; more than any directory of customers has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that is a row; its cells by the name of their column."""

    line: int
    """Where it begins in the file, from 1."""

    cells: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ragged:
    """A row with another number of cells than there are columns."""

    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file, read and not yet understood."""

    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    text: str = field(repr=False)

    def rows(self) -> Iterator[Row | Ragged]:
        """Rows below the heading; empty ones are left out.

        Raises:
            BadDirectory: a quotation mark is never closed, or a cell is as large as a book.
        """
        reader = csv.reader(StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        next(reader)
        line = reader.line_num + 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield self._row(line, cells)
                line = reader.line_num + 1
        except csv.Error as err:
            raise BadDirectory(f"Line {line}: {err}. Mend it, or tell --delimiter.") from err

    def _row(self, line: int, cells: list[str]) -> Row | Ragged:
        if len(cells) != len(self.columns):
            return Ragged(line=line)
        texts = [cell.strip() for cell in cells]
        return Row(line=line, cells=dict(zip(self.columns, texts, strict=True)))


def read_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """A file with a heading. What is not told is found out.

    Raises:
        BadDirectory: it cannot be read; says what to do.
    """
    text, found = _decoded(path, encoding)
    heading = text.split("\n", 1)[0]
    delimiter = delimiter or max(_DELIMITERS, key=heading.count)
    try:
        first = next(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error as err:
        raise BadDirectory(f"{path.name}: the first line is no heading: {err}.") from err
    columns = [name.strip() for name in first]
    if not any(columns):
        raise BadDirectory(f"{path.name} is empty; its first line names the columns.")
    if "" in columns or len(set(columns)) < len(columns):
        raise BadDirectory(f"{path.name}: every column needs a name of its own in the first line.")
    return Table(columns=tuple(columns), encoding=found, delimiter=delimiter, text=text)


def _decoded(path: Path, encoding: str) -> tuple[str, str]:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadDirectory(f"{path.name} is larger than 512 MiB; split it.")
        content = path.read_bytes()
    except OSError as err:
        raise BadDirectory(f"{path.name} cannot be opened.") from err
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    tried = [encoding] if encoding else [marked] if marked else ["utf-8", _WINDOWS]
    for name in tried:
        try:
            return content.decode(name), name
        except LookupError as err:
            raise BadDirectory(f"Nobody knows the encoding {name}; try utf-8 or cp1252.") from err
        except UnicodeError:
            continue
    raise BadDirectory(f"{path.name} is not in {tried[-1]}; tell its --encoding.")
