"""`ivr pin`: the second factor that is typed. No PIN is ever an argument, printed or logged."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from biometrics import SubjectId

app = typer.Typer(
    help="PINs, the second factor beside the voice. They are read from a prompt or from stdin.",
    no_args_is_help=True,
)

Subject = Annotated[str, typer.Argument(help="The voice's id, as the directory has it.")]


@app.command("set")
def set_pin(subject: Subject) -> None:
    """Set a PIN in place of any earlier one: from a hidden prompt, or a line of stdin."""
    from ivr.wiring import House
    from ivr.wiring.pins import owner_of

    house, whose = House.from_environment(), SubjectId(subject)
    owner = owner_of(whose, house.directory)
    house.voices.pins.room("operator").set_pin(whose, _read(), owner, datetime.now(UTC))
    typer.echo("The PIN is set.")


@app.command()
def remove(subject: Subject) -> None:
    """Destroy a PIN; what needs a second factor is then for people."""
    from ivr.wiring import House

    is_gone = House.from_environment().voices.pins.room("operator").remove(SubjectId(subject))
    typer.echo("The PIN is removed." if is_gone else "No PIN is set.")


@app.command()
def show(subject: Subject) -> None:
    """Whether a PIN is set, since when, and how many wrong ones were typed in a row."""
    from ivr.wiring import House

    desk = House.from_environment().voices.pins
    kept = desk.pins.standing(SubjectId(subject))
    if kept is None:
        typer.echo("No PIN is set.")
        return
    is_locked = kept.wrong >= desk.settings.most_wrong
    how = "locked until a person resets it" if is_locked else "open"
    typer.echo(f"Set on {kept.set_at:%Y-%m-%d}, {kept.wrong} wrong in a row, {how}.")


@app.command()
def reset(subject: Subject) -> None:
    """Count wrong ones anew, after a person has made sure who it was that typed them."""
    from ivr.wiring import House

    is_there = House.from_environment().voices.pins.room("operator").reset(SubjectId(subject))
    typer.echo("Counted anew." if is_there else "No PIN is set.")


def _read() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("PIN", hide_input=True, confirmation_prompt=True)).strip()
    return sys.stdin.readline().strip()
