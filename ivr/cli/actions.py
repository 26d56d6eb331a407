"""`ivr actions`: what can be done in the business system, and whether it really can."""

import secrets
import sys
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Assurance, CustomerId
from ivr.errand import Choices, Declined, Done, Errand, Served, Step, Unavailable

app = typer.Typer(help="What can be done in the business system.", no_args_is_help=True)

Pack = Annotated[str, typer.Option(help="airline, bank, telecom, retail or a file.")]


class Wanted(StrEnum):
    """A step, as it is typed."""

    OPTIONS = "options"
    DO = "do"
    UNDO = "undo"


class Sure(StrEnum):
    """An assurance, as it is typed."""

    OPEN = "open"
    CALLER_ID = "caller_id"
    VOICE = "voice"
    VOICE_AND_SECOND_FACTOR = "voice_and_second_factor"


@app.command("list")
def list_actions(pack: Pack = "") -> None:
    """Show what can be done, and what each action needs."""
    from rich.console import Console
    from rich.table import Table

    from ivr.wiring.serving import serving_from_environment

    serving = serving_from_environment(pack=pack)
    table = Table("action", "assurance", "needs", "how", box=None)
    for name, action in serving.actions.items():
        how = {
            "changes something": action.changes,
            "read back": action.is_confirmed,
            "offers options": action.options is not None,
            "can be undone": action.can_be_undone and action.changes,
        }
        told = ", ".join(text for text, holds in how.items() if holds)
        needs = ", ".join(action.needs)
        table.add_row(name, serving.assurance(name, Assurance.OPEN).value, needs, told)
    console = Console()
    console.print(table if serving.actions else "No business system is set.")


@app.command()
def check(pack: Pack = "") -> None:
    """Read the file, its prompts and the token, and ask the business system if it is there."""
    from ivr.wiring.serving import serving_from_environment

    serving = serving_from_environment(pack=pack)
    business = serving.business
    if business is None:
        sys.exit(
            "No business system is set; set IVR_SERVE__URL, or IVR_SERVE__DEMO=true to try it."
        )
    unknown = sorted(set(business.actions) - set(serving.actions))
    serving.check_prompts()
    typer.echo(f"{len(serving.actions)} actions of {business.business} can be asked for.")
    if unknown:
        typer.echo(f"The pack has no intents for: {', '.join(unknown)}.")
    try:
        answers = serving.answers()
    finally:
        serving.close()
    typer.echo(
        "The business system answers." if answers else "The business system does not answer."
    )
    sys.exit(0 if answers else 1)


@app.command("try")
def try_action(
    intent: Annotated[str, typer.Argument(help="Such as flight_status.")],
    slots: Annotated[
        list[str] | None, typer.Option("--slot", help="What was said: flight=LH815.")
    ] = None,
    customer: Annotated[str, typer.Option(help="Whose business it is.")] = "",
    step: Annotated[Wanted, typer.Option(help="What is wanted.")] = Wanted.DO,
    assurance: Annotated[Sure, typer.Option(help="How sure one is of the caller.")] = Sure.OPEN,
    key: Annotated[str, typer.Option(help="Of an earlier try, to repeat or undo it.")] = "",
    pack: Pack = "",
) -> None:
    """Run one errand for real, and show what comes of it."""
    from ivr.wiring.serving import serving_from_environment

    errand = Errand(
        intent=intent,
        step=Step(step.value),
        slots=dict(_slot(text) for text in slots or []),
        customer_id=CustomerId(customer) if customer else None,
        assurance=Assurance(assurance.value),
        key=key or f"try-{secrets.token_hex(8)}",
    )
    serving = serving_from_environment(pack=pack)
    try:
        served = serving.run(errand)
    finally:
        serving.close()
    _tell(served)
    if step is Wanted.DO:
        typer.echo(f"key: {errand.key}")
    sys.exit(0 if isinstance(served, Done | Choices) else 1)


def backend(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8090,
    books: Annotated[
        Path | None, typer.Option(help="Keep the books in this file; else they are new each time.")
    ] = None,
) -> None:
    """Run the demo back end on this machine until stopped; BACKEND_TOKEN is its token."""
    import os

    from ivr.errors import BadSettings
    from ivr.wiring.demo_backend import serve_demo_backend

    token = os.environ.get("BACKEND_TOKEN", "").strip()
    if not token:
        raise BadSettings("Set BACKEND_TOKEN, here and where calls are taken.")
    with tempfile.TemporaryDirectory() as folder:
        serve_demo_backend(books or Path(folder) / "books.db", token=token, port=port)


def _slot(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise typer.BadParameter("A slot is written as name=value.")
    return name, value


def _tell(served: Served) -> None:
    match served:
        case Done():
            typer.echo("done")
            _tell_facts(served.facts)
        case Choices():
            for place, option in enumerate(served.options, start=1):
                typer.echo(f"option {place}")
                _tell_facts({**option.slots, **option.facts})
        case Declined():
            typer.echo(f"declined: {served.code}")
            _tell_facts(served.facts)
        case Unavailable():
            typer.echo(
                "unavailable" + (", may be done" if served.may_be_done else ", nothing done")
            )


def _tell_facts(facts: Mapping[str, str]) -> None:
    for name, value in facts.items():
        typer.echo(f"  {name}: {value}")
