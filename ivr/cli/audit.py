"""`ivr audit`: what was done with voices, and whether somebody changed what is told of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from biometrics import Checkpoint, read_checkpoint, write_checkpoint

app = typer.Typer(
    help="What was done with voices, in a chain that is signed.", no_args_is_help=True
)

Checkpoints = Annotated[
    Path, typer.Option("--file", help="Checkpoints; keep it where no copy of the database is.")
]
DEFAULT = Path("rufwerk-audit.checkpoints")


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Option("--file", help="Compare with every checkpoint in this file.")
    ] = None,
) -> None:
    """Recompute the whole chain; exit code 1 and the first broken entry if it was changed."""
    from biometrics import Broken
    from ivr.wiring import House

    checkpoints = _read(file) if file else []
    found = House.from_environment().subjects.trail.check(*checkpoints)
    if isinstance(found, Broken):
        typer.echo(f"Broken at entry {found.sequence}: {found.reason}.")
        raise typer.Exit(1)
    typer.echo(f"Intact: {found.entries} entries, {len(checkpoints)} checkpoints.")


@app.command()
def show(
    subject: Annotated[str, typer.Option(help="Only what was done with this voice.")] = "",
    last: Annotated[int, typer.Option(help="Only so many, the latest.", min=1)] = 50,
) -> None:
    """The latest entries; subjects are told by pseudonym."""
    from collections import deque

    from biometrics import SubjectId
    from ivr.wiring import House

    trail = House.from_environment().subjects.trail
    wanted = SubjectId(subject) if subject else None
    for entry in deque(trail.entries(wanted), maxlen=last):
        details = " ".join(f"{name}={code}" for name, code in sorted(entry.details.items()))
        who = entry.subject[:8] or "-"
        at = f"{entry.at:%Y-%m-%d %H:%M:%S}"
        typer.echo(
            f"{entry.sequence}  {at}  {entry.actor}  {entry.kind}  {who}  {details}".rstrip()
        )


@app.command()
def checkpoint(file: Checkpoints = DEFAULT) -> None:
    """Add the signed head of the chain to a file; without one a shortened chain looks whole."""
    from ivr.errors import DiskReadOnly
    from ivr.wiring import House

    made = House.from_environment().subjects.trail.checkpoint(datetime.now(UTC))
    try:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(write_checkpoint(made))
    except OSError as err:
        raise DiskReadOnly(f"{file} cannot be written.") from err
    typer.echo(f"Entry {made.sequence} is vouched for in {file}.")


def _read(file: Path) -> list[Checkpoint]:
    from ivr.errors import BadCheckpoint

    try:
        lines = file.read_text("utf-8").splitlines()
        found = [read_checkpoint(line) for line in lines if line.strip()]
    except (OSError, ValueError) as err:
        raise BadCheckpoint(f"{file} holds no checkpoints that can be read.") from err
    if not found:
        raise BadCheckpoint(f"{file} holds no checkpoint; ivr audit checkpoint writes one.")
    return found
