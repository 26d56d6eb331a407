"""`ivr evaluate`: measure each room on recordings or sentences of your own."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ivr.cli.evaluate_intents import intents
from ivr.cli.evaluate_voices import voices
from ivr.cli.evaluate_words import non_speech, words

app = typer.Typer(help="Measure on recordings or sentences of your own.", no_args_is_help=True)

Json = Annotated[Path | None, typer.Option("--json", help="Write the figures here too.")]
Codec = Annotated[str, typer.Option(help="mulaw, alaw, gsm, opus, g726 or none.")]


app.command()(voices)
app.command()(words)
app.command()(intents)
app.command(name="non-speech")(non_speech)


@app.command()
def liveness(
    people: Annotated[Path, typer.Argument(help="A folder of recordings of people.")],
    attacks: Annotated[
        list[Path], typer.Argument(help="Folders of attacks, or folders of such folders.")
    ],
    codec: Codec = "mulaw",
    second_opinion: Annotated[bool, typer.Option(help="Measure AASIST instead.")] = False,
    json_file: Json = None,
) -> None:
    """How often people are taken for machines, and each kind of machine for a person."""
    from rich.console import Console
    from rich.table import Table

    from ivr.cli.counting import Counting
    from ivr.errors import BadTestSet
    from ivr.evaluate.liveness import Ears, evaluate_liveness, rows
    from ivr.wiring import House

    house = House.from_environment()
    signs = house.voices.liveness
    detector = signs.second_opinion if second_opinion else signs.own_detector
    if detector is None:
        raise BadTestSet("The detector is not here; get AASIST with: ivr models pull aasist")
    ears = Ears(detector=detector, speech=house.voices.detector, codec=codec)
    with Counting("measuring") as progress:
        figures = evaluate_liveness(people, attacks, ears, progress=progress)
    table = Table("", "share", "95 % limits", "recordings", box=None)
    for row in rows(figures):
        table.add_row(*row)
    Console().print(table)
    if json_file:
        json_file.write_text(json.dumps(figures.as_json(), indent=1) + "\n", "utf-8")
