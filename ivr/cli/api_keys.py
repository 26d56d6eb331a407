"""`ivr api-keys`: what gateways and tools show to be let in. A secret is printed once."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from ivr.service.api_keys import ApiKey, KeyId, Scope

app = typer.Typer(
    help="Keys that gateways and tools show to be let in, each for what it needs.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="Who uses it, such as pbx-1.")]


@app.command()
def add(
    name: Name,
    scope: Annotated[list[Scope], typer.Option(help="What it opens; may be given several times.")],
    days: Annotated[int, typer.Option(help="Days until it expires; 0 is never.", min=0)] = 365,
) -> None:
    """Make a key and print its secret, the only time it can be seen."""
    from ivr.wiring import House

    lifetime = timedelta(days=days) if days else None
    new = House.from_environment().api_keys.add(name, scope, lifetime)
    _show(new.secret, new.key)


@app.command("list")
def list_keys() -> None:
    """Every key: id, name, state, what it opens, and the day of its last use."""
    from ivr.wiring import House

    keys = House.from_environment().api_keys.keys.all()
    if not keys:
        typer.echo("No keys are kept.")
    for key in keys:
        used = key.last_used.isoformat() if key.last_used else "never"
        scopes = ",".join(sorted(key.scopes))
        typer.echo(f"{key.id}  {key.name}  {_state(key)}  {scopes}  used {used}")


@app.command()
def rotate(
    name: Name,
    overlap_days: Annotated[int, typer.Option(help="Days the old one goes on.", min=0)] = 7,
) -> None:
    """Make a key in place of the one of this name; for some days both are valid."""
    from ivr.wiring import House

    desk = House.from_environment().api_keys
    new = desk.rotate(name, overlap=timedelta(days=overlap_days))
    _show(new.secret, new.key)


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="As `ivr api-keys list` has it.")]) -> None:
    """Let a key open nothing any more, at once and in every process."""
    from ivr.wiring import House

    House.from_environment().api_keys.revoke(KeyId(key_id))
    typer.echo("Revoked.")


def _show(secret: str, key: ApiKey) -> None:
    """The secret alone on standard output, so that a script can take it."""
    until = f" until {key.expires_at:%Y-%m-%d}" if key.expires_at else ""
    typer.echo(secret)
    typer.echo(f"Key {key.id} is valid{until}. Keep it now: it is shown this once.", err=True)


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if not key.is_valid(datetime.now(UTC)):
        return f"expired {key.expires_at:%Y-%m-%d}"
    return f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "valid"
