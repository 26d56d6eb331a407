"""`ivr callers`: the directory of customers."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Caller
from ivr.identify.directory import Directory, Entry

app = typer.Typer(help="The directory of customers.", no_args_is_help=True)


@app.command("import")
def import_callers(file: Annotated[Path, typer.Argument(help="TOML with [[callers]].")]) -> None:
    """Take customers over from a file: all of them, or none when one is wrong."""
    from ivr.identify.callers_file import read_callers
    from ivr.wiring import House

    house = House.from_environment()
    now = datetime.now().astimezone()
    entries = read_callers(file, region=house.settings.region, now=now)
    moved = _moved(entries, house.directory)
    house.directory.put(entries)
    typer.echo(f"Taken over: {len(entries)}. In the directory: {len(house.directory.all())}.")
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
    for entry in House.from_environment().directory.all():
        caller = entry.caller
        numbers = " ".join(number.e164 for number in entry.numbers)
        events = " ".join(event.kind for event in caller.events)
        row = (caller.customer_id, caller.subject, numbers, caller.language or "", caller.tier)
        table.add_row(*row, events)
    Console().print(table)
