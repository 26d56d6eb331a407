"""`ivr db`: the main database as a whole."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.wiring.database import Database

app = typer.Typer(help="The database: versions, health, backups.", no_args_is_help=True)

_AGAIN = "start nothing, mend it, and restore again with --replace."

_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def upgrade() -> None:
    """Bring the database up to date. Rows stay."""
    database = _database()
    before = database.upgrade()
    if before.pending:
        typer.echo(f"From {before.revision or 'no revision'} to {before.newest}.")
    else:
        typer.echo(f"At {before.newest}, up to date.")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="An earlier one, or base.")],
    yes: _Yes = False,
) -> None:
    """Go back to an earlier revision, for an earlier version of Rufwerk."""
    if not yes:
        typer.confirm("What later revisions brought is lost; a backup keeps it. Go on?", abort=True)
    before = _database().downgrade(revision)
    typer.echo(f"From {before.revision} to {revision}. Start no newer version on it by itself.")


@app.command()
def check() -> None:
    """Look at the database and at that of the keys; exit code 1 if something is wrong."""
    findings = tuple(_database().examine())
    for finding in findings:
        typer.echo(f"{'ok' if finding.is_well else 'WRONG':6}{finding.what}: {finding.found}")
        if not finding.is_well:
            typer.echo(f"      {finding.remedy}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Write all rows to a file that only you may read. Calls may go on."""
    from ivr.cli.counting import Counting

    with Counting("Rows") as progress:
        made = _database().back_up(file, datetime.now(UTC), progress)
    tables = len(made.tables)
    typer.echo(f"{file}: {made.rows} rows of {tables} tables, revision {made.revision}.")
    typer.echo("The keys of voiceprints are not in it; see docs/database.md.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what is in the database.")
    ] = False,
) -> None:
    """Put a backup into the database: all of it or none. Stop the service first."""
    from biometrics import VoiceProblem
    from ivr.cli.counting import Counting
    from ivr.wiring import House
    from ivr.wiring.restoring import after_restore

    house = House.from_environment()
    with Counting("Rows") as progress:
        found = house.voices.database.restore(file, progress, replace=replace)
    typer.echo(f"{found.rows} rows, as they were on {found.made_at:%Y-%m-%d at %H:%M} UTC.")
    try:
        erased = after_restore(house.subjects, found.made_at, datetime.now(UTC))
    except VoiceProblem:
        typer.echo("The keys could not be asked who was erased since; " + _AGAIN, err=True)
        raise
    typer.echo(f"Erased again, since their keys are gone: {erased}.")
    typer.echo("What is to be done by hand now: docs/database.md.")


def _database() -> "Database":
    from ivr.wiring import House

    return House.from_environment().voices.database
