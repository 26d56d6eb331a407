"""`ivr callers`: the directory of customers."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Caller
from ivr.cli import callers_sources
from ivr.identify.directory import Directory, Entry

app = typer.Typer(help="The directory of customers.", no_args_is_help=True)
app.add_typer(callers_sources.app, name="sources")

_TABLES = (".csv", ".tsv")


@app.command("import")
def import_callers(
    file: Annotated[Path, typer.Argument(help="TOML with [[callers]], or a CSV with a heading.")],
    column: Annotated[
        list[str] | None,
        typer.Option(help="CSV: what a column holds, such as Telefon=numbers. Repeatable."),
    ] = None,
    encoding: Annotated[str, typer.Option(help="CSV: found out if not told.")] = "",
    delimiter: Annotated[str, typer.Option(help="CSV: found out if not told.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="CSV: only say what would be.")
    ] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="CSV: keep the good rows when others are refused.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="CSV: write the refused rows and why into this file.")
    ] = None,
) -> None:
    """Take customers over from a file: all of them, or none when one is wrong."""
    if file.suffix.lower() not in _TABLES:
        _import_toml(file)
        return
    from ivr.cli import callers_table
    from ivr.wiring import House

    house = House.from_environment()
    directory, told = house.customers.own, callers_table.told_columns(column or ())
    how = (encoding, delimiter.replace("\\t", "\t"))
    table, plan = callers_table.plan_of(file, told, house.settings.region, directory, how)
    callers_table.show(table, plan)
    if report is not None:
        callers_table.write_report(report, plan)
    is_kept = not dry_run and (keep_going or not plan.refused)
    if is_kept:
        callers_table.put(plan, directory)
        typer.echo(f"Taken over: {len(plan.entries)}. In the directory: {len(directory.all())}.")
    else:
        why = "a dry run" if dry_run else "rows were refused; mend them, or say --keep-going"
        typer.echo(f"Nothing was changed: {why}.")
    raise typer.Exit(1 if plan.refused else 0)


def _import_toml(file: Path) -> None:
    from ivr.identify.callers_file import read_callers
    from ivr.wiring import House

    house = House.from_environment()
    directory = house.customers.own
    now = datetime.now().astimezone()
    entries = read_callers(file, region=house.settings.region, now=now)
    moved = _moved(entries, directory)
    directory.put(entries)
    typer.echo(f"Taken over: {len(entries)}. In the directory: {len(directory.all())}.")
    for customer, other in moved:
        typer.echo(f"A number of {other} belongs to {customer} now.")


def _moved(entries: Sequence[Entry], directory: Directory) -> list[tuple[str, str]]:
    """Whose numbers belong to somebody else afterwards."""
    found = [(entry, directory.find(number)) for entry in entries for number in entry.numbers]
    return [
        (entry.caller.customer_id, owner.customer_id)
        for entry, owner in found
        if isinstance(owner, Caller) and owner.customer_id != entry.caller.customer_id
    ]


@app.command("list")
def list_callers() -> None:
    """Customer, subject and numbers; names stay in the directory."""
    from rich.console import Console
    from rich.table import Table

    from ivr.wiring import House

    table = Table("customer", "subject", "numbers", "language", "tier", "events")
    for entry in House.from_environment().customers.own.all():
        caller = entry.caller
        numbers = " ".join(number.e164 for number in entry.numbers)
        events = " ".join(event.kind for event in caller.events)
        row = (caller.customer_id, caller.subject, numbers, caller.language or "", caller.tier)
        table.add_row(*row, events)
    Console().print(table)


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="The number that the customer calls from.")],
    wait_ms: Annotated[
        int, typer.Option(help="How long to wait for slow sources.", min=0, max=20_000)
    ] = 5_000,
) -> None:
    """Everything that is known of a customer: who says so, how old it is, where sources disagree.

    It is written down in the audit trail, by pseudonym.
    """
    from rich.console import Console

    from ivr.call import PhoneNumber, Unknown
    from ivr.cli.callers_profile import show_profile
    from ivr.wiring import House

    house = House.from_environment()
    read = house.read_number(number)
    if not isinstance(read, PhoneNumber):
        raise typer.BadParameter("This is no telephone number.")
    found = house.customers.shown(read, house.voices.records.witness("operator"), wait_ms)
    if isinstance(found, Unknown):
        typer.echo("Nobody of this number is known.")
        raise typer.Exit(1)
    show_profile(found, Console())
