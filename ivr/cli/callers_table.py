"""`ivr callers import` of a table: what would become of it, and then that."""

import csv
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import typer

from ivr.cli.counting import Counting
from ivr.errors import BadDirectory, DiskReadOnly
from ivr.identify.csv_file import Table, read_table
from ivr.identify.csv_import import Plan, columns_of, plan_import
from ivr.identify.directory import Directory, Entry
from ivr.pages.tables import harmless

_SHOWN = 20
"""Refused rows on the screen; all of them are in the report."""

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def told_columns(written: Iterable[str]) -> dict[str, str]:
    """Column to field, of texts such as Telefon=numbers.

    Raises:
        BadDirectory: one is written otherwise.
    """
    pairs = [text.rpartition("=") for text in written]
    if any(not (column and name) for column, _, name in pairs):
        raise BadDirectory("A column is told as COLUMN=FIELD, such as Telefon=numbers.")
    return {column.strip(): name.strip() for column, _, name in pairs}


def plan_of(
    path: Path, told: dict[str, str], house_region: str, directory: Directory, how: tuple[str, str]
) -> tuple[Table, Plan]:
    """`how`: encoding and delimiter, empty where they are to be found out."""
    encoding, delimiter = how
    table = read_table(path, encoding=encoding, delimiter=delimiter)
    columns = columns_of(table, told)
    lines = table.text.count("\n")
    with Counting("Reading") as tell:
        plan = plan_import(
            table,
            columns,
            directory.all(),
            region=house_region,
            today=datetime.now().astimezone().date(),
            tell=lambda rows: tell(rows, max(rows, lines)),
        )
    return table, plan


def put(plan: Plan, directory: Directory) -> None:
    """All of them or none."""
    with Counting("Writing") as tell:

        def counted() -> Iterator[Entry]:
            for number, entry in enumerate(plan.entries, start=1):
                yield entry
                tell(number, len(plan.entries))

        directory.put(counted())


def show(table: Table, plan: Plan) -> None:
    """What was found, in figures; nothing of any customer but ids."""
    delimiter = _NAMES.get(table.delimiter, table.delimiter)
    typer.echo(f"Read: {plan.rows} rows, {table.encoding}, {delimiter} between cells.")
    typer.echo(
        f"Kept: {len(plan.entries)} customers, {plan.new} of them new; "
        f"{plan.joined} rows told more of a customer of an earlier row."
    )
    for refused in plan.refused[:_SHOWN]:
        typer.echo(f"Line {refused.line} refused: {refused.why} [{refused.code}]")
    if len(plan.refused) > _SHOWN:
        typer.echo(f"... and {len(plan.refused) - _SHOWN} more refused; --report FILE has all.")
    for moved in plan.moved:
        typer.echo(f"A number of {moved.before} belongs to {moved.customer} now.")
    for customer in plan.other_voices:
        typer.echo(f"Another voice than before belongs to {customer} now.")


def write_report(path: Path, plan: Plan) -> None:
    """The refused rows as a table.

    Raises:
        DiskReadOnly: it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as err:
        raise DiskReadOnly(f"{path} cannot be written.") from err
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("line", "code", "reason"))
        rows.writerows((one.line, one.code, harmless(one.why)) for one in plan.refused)
