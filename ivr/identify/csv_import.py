"""What a table would make of the directory: whom to keep, what to refuse, which numbers move."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, PhoneNumber
from ivr.errors import BadDirectory
from ivr.identify.csv_file import Ragged, Row, Table
from ivr.identify.csv_row import NEEDED, NUMBERS, Cells, Line, Refused, is_field, read_row
from ivr.identify.directory import Entry

Columns = Mapping[str, tuple[str, ...]]
"""The columns of each field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A number that belongs to somebody else afterwards."""

    customer: CustomerId
    before: CustomerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import will do. Nothing is done yet."""

    rows: int
    entries: tuple[Entry, ...] = field(repr=False)
    new: int
    """Customers who were not in the directory."""

    joined: int
    """Rows that told of a customer of an earlier row, such as another number."""

    refused: tuple[Refused, ...]
    moved: tuple[Moved, ...]
    other_voices: tuple[CustomerId, ...]
    """Customers to whom another voice than before belongs."""


def columns_of(table: Table, told: Mapping[str, str]) -> Columns:
    """Which column holds what: as `told`, column to field, or by its own name.

    Raises:
        BadDirectory: a column is not there, a field is unknown, missing or told twice.
    """
    unknown = [name for name in told if name not in table.columns]
    if unknown:
        raise BadDirectory(
            f"There is no column {unknown[0]}; there are: {', '.join(table.columns)}."
        )
    fields: dict[str, tuple[str, ...]] = {}
    for column in table.columns:
        name = told.get(column, column.lower())
        if is_field(name):
            fields[name] = (*fields.get(name, ()), column)
        elif column in told:
            raise BadDirectory(f"Customers have no field {name}.")
    _check(table, fields)
    return fields


def plan_import(  # noqa: PLR0913 - what is read, into what, how and with which bar
    table: Table,
    columns: Columns,
    directory: Iterable[Entry],
    *,
    region: str,
    today: date,
    tell: Callable[[int], None],
) -> Plan:
    """`tell` hears how many rows were read so far.

    Raises:
        BadDirectory: the table cannot be read to its end.
    """
    draft = _Draft({entry.caller.customer_id: entry for entry in directory})
    rows = 0
    for rows, row in enumerate(table.rows(), start=1):
        draft.take(_read(row, columns, region=region, today=today))
        tell(rows)
    return draft.plan(rows)


class _Draft:
    """A plan while it is made."""

    def __init__(self, before: Mapping[CustomerId, Entry]) -> None:
        self._before = before
        self._lines: dict[CustomerId, Line] = {}
        self._takers: dict[PhoneNumber, Line] = {}
        self._refused: list[Refused] = []
        self._joined = 0

    def take(self, line: Line | Refused) -> None:
        if isinstance(line, Refused):
            self._refused.append(line)
            return
        customer = CustomerId(line.customer_id)
        earlier = self._lines.get(customer)
        if refused := self._objection(line, earlier):
            self._refused.append(refused)
            return
        if earlier is not None:
            self._joined += 1
            numbers = tuple(dict.fromkeys((*earlier.numbers, *line.numbers)))
            line = replace(earlier, numbers=numbers)
        self._lines[customer] = line
        self._takers |= dict.fromkeys(line.numbers, line)

    def plan(self, rows: int) -> Plan:
        entries = tuple(
            _entry(customer, line, self._before.get(customer))
            for customer, line in self._lines.items()
        )
        return Plan(
            rows=rows,
            entries=entries,
            new=sum(customer not in self._before for customer in self._lines),
            joined=self._joined,
            refused=tuple(sorted(self._refused, key=lambda one: one.line)),
            moved=tuple(_moved(entries, self._before.values())),
            other_voices=tuple(_other_voices(entries, self._before)),
        )

    def _objection(self, line: Line, earlier: Line | None) -> Refused | None:
        if earlier is not None and earlier.said != line.said:
            why = f"line {earlier.line} says otherwise of the same customer."
            return Refused(line=line.line, code="duplicate", why=why)
        takers = (self._takers.get(number) for number in line.numbers)
        for taker in takers:
            if taker is not None and taker.customer_id != line.customer_id:
                why = f"line {taker.line} has a number of it, for another customer."
                return Refused(line=line.line, code="number_taken", why=why)
        return None


def _check(table: Table, fields: Columns) -> None:
    for name in NEEDED:
        if name not in fields:
            raise BadDirectory(
                f"No column is {name}. Say which, such as --column {table.columns[0]}={name}."
            )
    for name, columns in fields.items():
        if len(columns) > 1 and name != NUMBERS:
            raise BadDirectory(f"{name} is in two columns: {' and '.join(columns)}.")


def _read(row: Row | Ragged, columns: Columns, *, region: str, today: date) -> Line | Refused:
    if isinstance(row, Ragged):
        why = "it has more or fewer cells than the heading."
        return Refused(line=row.line, code="ragged", why=why)
    cells: Cells = {
        name: tuple(row.cells[column] for column in held) for name, held in columns.items()
    }
    return read_row(row.line, cells, region=region, today=today)


def _entry(customer: CustomerId, line: Line, before: Entry | None) -> Entry:
    """What the table has no column for stays as it was; new voices get an id of their own."""
    caller = before.caller if before else _nobody(customer)
    said = dict(line.said)
    if "preferences" in said:
        both = {**caller.preferences, **said["preferences"]}
        said["preferences"] = {name: text for name, text in both.items() if text}
    return Entry(caller=replace(caller, **said), numbers=line.numbers)


def _nobody(customer: CustomerId) -> Caller:
    return Caller(customer_id=customer, subject=SubjectId(f"s-{secrets.token_hex(8)}"), name="")


def _moved(entries: Iterable[Entry], before: Iterable[Entry]) -> Iterator[Moved]:
    owners = {number: one.caller.customer_id for one in before for number in one.numbers}
    for entry in entries:
        customer = entry.caller.customer_id
        others = (owners.get(number, customer) for number in entry.numbers)
        yield from (Moved(customer=customer, before=one) for one in others if one != customer)


def _other_voices(
    entries: Iterable[Entry], before: Mapping[CustomerId, Entry]
) -> Iterator[CustomerId]:
    for entry in entries:
        earlier = before.get(entry.caller.customer_id)
        if earlier is not None and earlier.caller.subject != entry.caller.subject:
            yield entry.caller.customer_id
