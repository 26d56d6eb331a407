"""`ivr make-attacks`: synthetic voices speak the sentences of the intent packs."""

from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Language


def make_attacks(
    folder: Annotated[Path, typer.Argument(help="A folder a kind is made in it.")],
    count: Annotated[int, typer.Option(help="Recordings of each kind and language.")] = 300,
    german: Annotated[
        Path | None, typer.Option(help="Lines of path, tab, German text, spoken too.")
    ] = None,
) -> None:
    """Record attacks: the project's voices, and espeak-ng, flite and festival where installed."""
    from ivr.wiring.attacks import booth

    more = {Language.GERMAN: german} if german else {}
    booth(more).record(folder, count, lambda kind, done: typer.echo(f"\r{kind} {done}", nl=False))
    typer.echo()
