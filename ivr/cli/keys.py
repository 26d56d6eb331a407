"""`ivr keys`: the master key of voiceprints."""

import typer

app = typer.Typer(help="The master key that guards every voiceprint.", no_args_is_help=True)


@app.command()
def status() -> None:
    """Who holds the master key, and what it wraps. Nothing secret is shown."""
    from ivr.wiring import House

    standing = House.from_environment().voices.keys.standing()
    typer.echo(f"Master key {standing.master}, held by {standing.holder}.")
    for master, count in sorted(standing.wrapped.items()):
        typer.echo(f"{master}  wraps {count} keys")
    if standing.is_rotating:
        typer.echo("A rotation is not finished; run: ivr keys rotate")


@app.command()
def rotate() -> None:
    """Wrap every key by a new master key. Calls may come in; interrupted, run it again."""
    from biometrics import AuditKind
    from ivr.cli.counting import Counting
    from ivr.wiring import House

    voices = House.from_environment().voices
    keys, witness = voices.keys, voices.records.witness("operator")
    with witness.announced(AuditKind.KEY_CHANGED, None), Counting("Keys") as progress:
        rotated = keys.rotate(progress)
    typer.echo(f"Everything is wrapped by master key {rotated.master}: {rotated.rewrapped} keys.")
    if rotated.damaged:
        typer.echo(f"Damaged, to be enrolled again: {rotated.damaged} voices.")
    typer.echo(f"The key is held by {keys.standing().holder}. Renew its copy, destroy older ones.")


@app.command()
def make() -> None:
    """Print a fresh master key, for a secret manager that hands it over by IVR_KEYS__MASTER."""
    from ivr.wiring.keys import fresh_master_key

    typer.echo(fresh_master_key())
