"""`ivr daily`: what has to be done once a day, each whatever becomes of the others."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from biometrics import VoiceProblem
from ivr.cli import audit, recordings, voiceprint, watchlist
from ivr.errors import CallProblem


def daily(
    checkpoints: Annotated[
        Path, typer.Option("--checkpoints", help="As ivr audit checkpoint --file.")
    ] = audit.DEFAULT,
) -> None:
    """Destroy what has expired, vouch for the audit trail; exit code 1 if any of it failed."""
    failed = [
        title
        for title, work in (
            ("Voiceprints and encoded voices", partial(voiceprint.expire, everybody=False)),
            ("Watchlists", watchlist.expire),
            ("Recordings of calls", recordings.expire),
            ("Checkpoint of the audit trail", partial(audit.checkpoint, checkpoints)),
            ("Audit trail", partial(audit.verify, checkpoints)),
        )
        if not _done(title, work)
    ]
    if failed:
        typer.echo(f"Not done, or not well: {', '.join(failed)}.", err=True)
        raise typer.Exit(1)


def _done(title: str, work: Callable[[], None]) -> bool:
    typer.echo(f"{title}:")
    try:
        work()
    except typer.Exit as ended:
        return ended.exit_code == 0
    except (CallProblem, VoiceProblem) as err:
        typer.echo(f"{err.sentence} [{err.code}]", err=True)
        return False
    return True
