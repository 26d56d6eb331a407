"""`ivr callers sources`: where customers are known beside the directory."""

import sys
from time import perf_counter
from typing import Annotated

import typer

from ivr.identify.fact import Answer, Failed, Nobody, Told

app = typer.Typer(
    help="Where customers are known beside the directory (IVR_IDENTIFY__SOURCES).",
    no_args_is_help=True,
)

_NOBODYS = "+4930000000"
"""No number that anybody has: whoever answers at all passes."""


@app.command()
def check(
    number: Annotated[str, typer.Option(help="Ask for the customer of this number.")] = "",
    customer: Annotated[str, typer.Option(help="Ask for the customer of this id.")] = "",
) -> None:
    """Ask every source for itself, and say how long it took; exit code 1 if one failed."""
    from rich.console import Console
    from rich.table import Table

    from ivr.errors import BadSources
    from ivr.identify.placeholders import By
    from ivr.wiring import House

    house = House.from_environment()
    described = house.customers.described
    if described is None:
        raise BadSources("No sources are set; IVR_IDENTIFY__SOURCES names their file.")
    keys = {By.NUMBER: _number(number, house.settings.region), By.CUSTOMER: customer or "nobody"}
    table, are_well = Table("source", "asked by", "answer", "ms", box=None), True
    for name, one in described.sources.items():
        source = house.customers.source(name, one)
        begun = perf_counter()
        answer = source.ask(keys[one.by])
        took_ms = (perf_counter() - begun) * 1_000
        source.close()
        table.add_row(name, one.by.value, _said(answer), f"{took_ms:.0f}")
        are_well = are_well and not isinstance(answer, Failed)
    Console().print(table)
    house.close()
    sys.exit(0 if are_well else 1)


@app.command()
def example() -> None:
    """Print a file of sources to begin with."""
    from ivr.identify.sources_file import example as packaged

    typer.echo(packaged().read_text("utf-8"), nl=False)


def _number(text: str, region: str) -> str:
    from ivr.call import PhoneNumber
    from ivr.identify.number import read_number

    number = read_number(text or _NOBODYS, region=region)
    if not isinstance(number, PhoneNumber):
        raise typer.BadParameter("This is no telephone number.")
    return number.e164


def _said(answer: Answer) -> str:
    """Names of facts; what they hold is for `ivr callers show`."""
    match answer:
        case Told(facts=facts, unread=unread):
            told = ", ".join(sorted({fact.name for fact in facts})) or "no facts"
            return f"{told}; not as described: {', '.join(unread)}" if unread else told
        case Nobody():
            return "answers; knows nobody under this"
        case Failed(why=why):
            return f"failed: {why.value}"
