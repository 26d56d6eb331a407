"""`ivr evaluate words` and `non-speech`: what is heard, and what is made up."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Language
from ivr.cli.figures import show, shown, write

Json = Annotated[Path | None, typer.Option("--json", help="Write the figures here too.")]


def words(
    file: Annotated[Path, typer.Argument(help="Lines of path, tab, text.")],
    lang: Annotated[Language, typer.Option(help="Language of the recordings.")],
    engine: Annotated[list[str] | None, typer.Option(help="whisper, vosk, cascade.")] = None,
    codec: Annotated[str, typer.Option(help="mulaw, alaw, gsm, opus, g726 or none.")] = "mulaw",
    condition: Annotated[
        list[str] | None,
        typer.Option(help="clean, mulaw, gsm, office20, office10, angry; instead of --codec."),
    ] = None,
    json_file: Json = None,
) -> None:
    """How well words are heard; name several engines and conditions to see them side by side.

    In `angry` the texts are spoken once more, by a synthetic voice that is loud and in a hurry.
    """
    from ivr.cli.counting import Counting
    from ivr.evaluate.conditions import angry_voice, condition_of, only_coded
    from ivr.evaluate.words import evaluate_words
    from ivr.wiring import House

    house = House.from_environment()
    angry = angry_voice(house.studio(), lang)
    lines = [condition_of(name, angry=angry) for name in condition or []] or [only_coded(codec)]
    figures: dict[str, dict[str, dict[str, object]]] = {}
    for name in engine or ["cascade"]:
        for line in lines:
            with Counting(f"{name}, {line.name}") as progress:
                found = evaluate_words(
                    file,
                    recogniser=house.words.recogniser_of(name),
                    detector=house.voices.detector,
                    language=lang,
                    condition=line,
                    progress=progress,
                )
            figures.setdefault(name, {})[line.name] = asdict(found)
    if condition:
        _show_conditions(figures, json_file)
    else:
        show({name: found[lines[0].name] for name, found in figures.items()}, json_file)


def non_speech(
    minutes: Annotated[int, typer.Option(min=1, help="How much sound is made.")] = 15,
    seed: Annotated[int, typer.Option(help="Which sound; the limits were set on 1 to 3.")] = 100,
    engine: Annotated[str, typer.Option(help="whisper, vosk, cascade.")] = "cascade",
    lang: Annotated[Language | None, typer.Option(help="Detected where none is named.")] = None,
    detector: Annotated[
        bool, typer.Option(help="Without it all sound is given to the recogniser.")
    ] = True,
    json_file: Json = None,
) -> None:
    """How often noise, music, tones, keys and breath are taken for words. Nobody speaks in it."""
    from rich.console import Console
    from rich.table import Table

    from ivr.cli.counting import Counting
    from ivr.evaluate.non_speech import evaluate_non_speech
    from ivr.wiring import House

    house = House.from_environment()
    with Counting("listening") as progress:
        figures = evaluate_non_speech(
            recogniser=house.words.recogniser_of(engine),
            detector=house.voices.detector if detector else None,
            language=lang,
            minutes=minutes,
            seed=seed,
            progress=progress,
        )
    table = Table("", "stretches", "taken for speech", "words made up", box=None)
    for kind in figures.kinds:
        table.add_row(kind.kind, *map(str, (kind.stretches, kind.detected, kind.invented)))
    console = Console()
    console.print(table)
    console.print(
        f"{figures.minutes:.1f} minutes: words in {figures.rate:.2%} of "
        f"{figures.stretches} stretches of 8 s"
    )
    write(asdict(figures), json_file)


def _show_conditions(
    figures: dict[str, dict[str, dict[str, object]]], json_file: Path | None
) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("engine", "condition", "wer", "p50_ms", "p95_ms", "turns", "rejected", box=None)
    for engine, conditions in figures.items():
        for name, found in conditions.items():
            table.add_row(engine, name, *map(shown, found.values()))
    Console().print(table)
    write(figures, json_file)
