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
def rises(
    weeks: Annotated[int, typer.Option(help="In which nothing happens.", min=4)] = 100,
    repeat: Annotated[int, typer.Option(help="Rises of each size.", min=1)] = 30,
    factor: Annotated[float, typer.Option(help="How much more calls a rise brings.", min=1.1)] = 3,
    json_file: Json = None,
) -> None:
    """How soon topics that rise are found, and how often one is flagged that does not."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from ivr.cli.counting import Counting
    from ivr.cli.figures import write
    from ivr.evaluate.rises import false_alarms, found

    with Counting("looking") as progress:
        alarms = false_alarms(weeks, progress=progress)
    table = Table("usual calls a day", "found in 24 h", "median h", "slowest h", box=None)
    sizes = [found(topic, factor, rises_=repeat) for topic in (0, 2, 4, 6, 8, 9, 10)]
    for size in sizes:
        cells = (f"{size.calls_a_day:.0f}", f"{size.found} of {size.rises}")
        table.add_row(*cells, str(size.median_h), str(size.slowest_h))
    Console().print(f"{alarms.false} false alarms in {weeks} weeks of {alarms.topics} topics")
    Console().print(table)
    write({"alarms": asdict(alarms), "rises": [asdict(size) for size in sizes]}, json_file)


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
