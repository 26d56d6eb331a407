"""`ivr demo`: play the fixture calls and say whether each went as expected."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer


def demo(
    fixtures: Annotated[Path, typer.Argument(help="Folder with manifest.toml.")] = Path(
        "audio_fixtures"
    ),
    short: Annotated[bool, typer.Option(help="One line a call.")] = False,
) -> None:
    """Play every fixture call through the whole house, on a directory of its own."""
    from rich.console import Console

    from ivr.cli.account import tell
    from ivr.cli.waiting import waiting
    from ivr.rehearsal import play, read_script
    from ivr.wiring import House

    console = Console()
    script = read_script(fixtures)
    surprises = 0
    with tempfile.TemporaryDirectory() as folder:
        house = House.for_rehearsal(Path(folder))
        with waiting("Loading models, enrolling the customers"):
            house.stage(fixtures)
            switchboard = house.switchboard
        for planned in script.calls:
            if not short:
                console.rule(planned.name, align="left", style="dim")
            played = play(planned, fixtures, switchboard, house.read_number)
            for turn in played.turns if not short else ():
                if turn.result:
                    tell(console, turn.result, title=turn.recording)
                else:
                    console.print(f"refused: {turn.sentence} [{turn.error}]")
            surprises += bool(played.surprises)
            verdict = "[green]as expected[/]" if not played.surprises else "[red]NOT as expected[/]"
            console.print(f"{verdict}  {planned.name}")
            for surprise in played.surprises:
                console.print(f"    {surprise}", style="red")
    console.print(f"\n{len(script.calls) - surprises} of {len(script.calls)} calls as expected.")
    sys.exit(1 if surprises else 0)
