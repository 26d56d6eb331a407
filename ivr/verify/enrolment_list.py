"""A CSV file of whom to enrol from which recordings."""

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

from biometrics import Channel, Said, SubjectId
from ivr.errors import BadEnrolmentList

_NEEDED = ("subject", "file")
_CONSENT = ("consent_text", "consent_language", "consent_channel")
_COLUMNS = frozenset((*_NEEDED, *_CONSENT))
_SUBJECT = re.compile(r"[A-Za-z0-9._:-]{1,64}")
"""As over HTTP: an opaque id, never a number or a name."""

_LARGEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody to enrol."""

    subject: SubjectId
    """Empty where the list holds no id that can be one; what it holds is not repeated."""

    files: tuple[Path, ...] = ()
    said: Said | None = None
    """The consent that the list tells of."""

    wrong: str = ""
    """Why this cannot be done as it is written, with the line; empty when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row: a recording of somebody."""

    subject: SubjectId
    """Empty as in `Wanted`."""

    file: str
    """As the list has it."""

    path: Path
    said: Said | None
    """The consent that the row tells of."""

    is_usable: bool
    """It names a subject and a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    fields: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.fields.get(column, "")


def read_enrolment_list(path: Path) -> tuple[Wanted, ...]:
    """Everybody in the order in which they first come; a row is one recording.

    Columns are separated by commas, or by semicolons as German spreadsheets write them. Files are
    relative to the list. What is wrong with one row is told of its subject alone.

    Raises:
        BadEnrolmentList: the file cannot be read, or has not the columns; nobody can be enrolled.
    """
    groups: dict[str, list[_Row]] = {}
    wanted: list[Wanted] = []
    for row in _rows(_text(path)):
        subject = row.get("subject")
        if _SUBJECT.fullmatch(subject):
            groups.setdefault(subject, []).append(row)
        else:
            what = "is not of 1 to 64 letters, digits and . _ : -" if subject else "is empty"
            wanted.append(Wanted(subject=SubjectId(""), wrong=_at(row, f"the subject {what}.")))
    found = [_wanted(subject, rows, path.parent) for subject, rows in groups.items()]
    if not found and not wanted:
        raise BadEnrolmentList("The list names nobody; it needs a row for each recording.")
    return (*found, *wanted)


def stream_enrolment_list(path: Path) -> Iterator[Listed]:
    """Row by row, of a list of any length; nothing of it is held.

    Raises:
        BadEnrolmentList: as `read_enrolment_list`, where the first row that cannot be read is met.
    """
    with _refusing(path), path.open(encoding="utf-8-sig", newline="") as file:
        for row in _rows(file):
            subject, name = row.get("subject"), row.get("file")
            text, language, channel = (row.get(column) for column in _CONSENT)
            yield Listed(
                subject=SubjectId(subject if _SUBJECT.fullmatch(subject) else ""),
                file=name,
                path=path.parent / name,
                said=_said(text, language, channel),
                is_usable=bool(_SUBJECT.fullmatch(subject) and name),
            )


def _text(path: Path) -> StringIO:
    with _refusing(path):
        if path.stat().st_size > _LARGEST_BYTES:
            raise BadEnrolmentList(f"{path} is too large for a list of recordings.")
        # Spreadsheets begin their files with a byte order mark.
        return StringIO(path.read_text("utf-8-sig"))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        raise BadEnrolmentList(f"{path} cannot be read. Name a CSV file.") from err
    except UnicodeDecodeError as err:
        raise BadEnrolmentList(f"{path} is not in UTF-8. Save it as CSV in UTF-8.") from err


def _rows(file: TextIO) -> Iterator[_Row]:
    head = file.readline()
    file.seek(0)
    reader = csv.reader(file, delimiter=";" if ";" in head else ",", strict=True)
    try:
        columns = [column.strip().lower() for column in next(reader, [])]
        _check_columns(columns)
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(columns):
                raise BadEnrolmentList(
                    f"Line {reader.line_num}: {len(fields)} fields, but there are {len(columns)} "
                    "columns. Put fields that hold a comma in quotation marks."
                )
            stripped = (field.strip() for field in fields)
            yield _Row(line=reader.line_num, fields=dict(zip(columns, stripped, strict=True)))
    except csv.Error as err:
        raise BadEnrolmentList(f"Line {reader.line_num}: this is no CSV.") from err


def _check_columns(columns: list[str]) -> None:
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise BadEnrolmentList(f"Line 1: the column {missing[0]} is missing. {_usual()}")
    if len(set(columns)) != len(columns) or not set(columns) <= _COLUMNS:
        raise BadEnrolmentList(f"Line 1: there is a column of another name, or twice. {_usual()}")


def _usual() -> str:
    return f"The columns are {', '.join(_NEEDED)}, and if wanted {', '.join(_CONSENT)}."


def _wanted(subject: str, rows: list[_Row], folder: Path) -> Wanted:
    empty = next((row for row in rows if not row.get("file")), None)
    consents = {tuple(row.get(column) for column in _CONSENT) for row in rows}
    consents.discard(("", "", ""))
    wrong = "" if empty is None else _at(empty, "the file is empty.")
    said = None
    if len(consents) > 1:
        wrong = wrong or _at(rows[-1], "the rows of this subject tell of different consents.")
    elif consents:
        text, language, channel = consents.pop()
        said = _said(text, language, channel)
        if said is None:
            usual = f"text, language, and channel: {', '.join(Channel)}"
            wrong = wrong or _at(rows[0], f"a consent needs {usual}.")
    return Wanted(
        subject=SubjectId(subject),
        files=tuple(folder / row.get("file") for row in rows),
        said=said,
        wrong=wrong,
    )


def _said(text: str, language: str, channel: str) -> Said | None:
    if not text or not language or channel not in set(Channel):
        return None
    return Said(text=text, language=language, channel=Channel(channel))


def _at(row: _Row, what: str) -> str:
    return f"Line {row.line}: {what}"
