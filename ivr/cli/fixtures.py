"""`ivr make-fixtures`: the project's own voices speak the test recordings again."""

from pathlib import Path
from typing import Annotated

import typer


def make_fixtures(
    folder: Annotated[Path, typer.Argument(help="Folder with manifest.toml.")] = Path(
        "audio_fixtures"
    ),
) -> None:
    """Make every recording of a manifest again and write its digest down."""
    from ivr.wiring import House

    House.from_environment().studio().make(folder, typer.echo)
