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
    short: Annotated[bool, typer.Option("--short", help="One line a call.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the first call as SVG.")] = None,
) -> None:
    """Play every fixture call through the whole house, on a directory of its own."""
    from rich.console import Console

    from ivr.cli.account import draw_call, tell_call
    from ivr.cli.waiting import waiting
    from ivr.rehearsal import play, read_script
    from ivr.wiring import House

    console = Console()
    calls = read_script(fixtures).calls
    surprises = 0
    with tempfile.TemporaryDirectory() as folder:
        house = House.for_rehearsal(Path(folder))
        with waiting("Loading models and enrolling the customers; the first time takes a minute"):
            house.stage(fixtures)
            switchboard = house.switchboard
        for planned in calls:
            played = play(planned, fixtures, switchboard, house.read_number)
            if not short:
                console.rule(planned.name, align="left", style="dim")
                tell_call(console, played)
            if picture and planned is calls[0]:
                draw_call(played, planned.name, picture)
            verdict = "[red]NOT as expected[/]" if played.surprises else "[green]as expected[/]"
            console.print(f"{verdict}  {planned.name}")
            for surprise in played.surprises:
                console.print(f"    {surprise}", style="red")
            surprises += bool(played.surprises)
        house.close()
    console.print(f"\n{len(calls) - surprises} of {len(calls)} calls as expected.")
    sys.exit(1 if surprises else 0)
