"""`ivr recordings`: of calls that both sides agreed to have recorded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

app = typer.Typer(
    help="Recordings of calls: off, unless a folder for them is named.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    """One command of a group is called by its name too."""


@app.command()
def expire() -> None:
    """Delete recordings whose time is over; run it once a day."""
    from ivr.live.recordings import expire_recordings
    from ivr.settings import read_settings

    live = read_settings().gateways.live
    if not live.record_into:
        typer.echo("Calls are not recorded.")
        return
    before = datetime.now(UTC) - timedelta(days=live.recordings_days)
    gone = expire_recordings(Path(live.record_into), before)
    typer.echo(f"Deleted: {gone}.")
