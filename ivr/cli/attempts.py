"""`ivr attempts`: whom failed verifications keep out, and letting them in again."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from ivr.verify.attempts import Allowed, Locked

app = typer.Typer(
    help="Failed verifications: how many there were, and which doors they closed.",
    no_args_is_help=True,
)

Source = Annotated[
    bool, typer.Option("--source", help="It is the name or address of a gateway; '' is unnamed.")
]


@app.command()
def show(
    who: Annotated[str, typer.Argument(help="A voice's id or a number; empty: all closed.")] = "",
    source: Source = False,
) -> None:
    """Failures in a row, and until when no try is made. Counts are told by pseudonym."""
    from ivr.wiring import House

    house, now = House.from_environment(), datetime.now(UTC)
    doors = house.voices.doors
    counts = doors.watched_by("operator")
    asked = doors.whose(who, house.directory, is_source=source) if who or source else ()
    told = [standing for one in asked for standing in counts.standing(one, now)]
    # A way belongs to a voice and to a number, and is told once.
    found = {standing.label: standing for standing in (told if asked else counts.closed(now))}
    for standing in found.values():
        label, until = standing.label[:8], _until(standing.permission)
        typer.echo(f"{standing.kind:<8} {label}  {standing.failures:>3} failures  {until}")
    if not found:
        typer.echo("No failed attempts are counted." if asked else "No door is closed.")


@app.command()
def reset(
    who: Annotated[str, typer.Argument(help="A voice's id (and its numbers), or a number.")],
    source: Source = False,
) -> None:
    """Count anew, after a person has made sure who it was that failed."""
    from ivr.wiring import House

    house = House.from_environment()
    counts = house.voices.doors.watched_by("operator")
    asked = house.voices.doors.whose(who, house.directory, is_source=source)
    opened = [one for one in asked if counts.reset(one)]
    kinds = ", ".join(one.kind.value for one in opened)
    typer.echo(f"Counted anew: {kinds}." if opened else "No failed attempts were counted.")


def _until(permission: Allowed | Locked) -> str:
    match permission:
        case Allowed():
            return "open"
        case Locked(until=None):
            return "closed until a person resets it"
        case Locked(until=until):
            return f"closed until {until:%Y-%m-%d %H:%M:%S} UTC"
