"""`ivr evaluate voices`: how well encoders tell voices apart, as a table, figures and a page."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ivr.cli.counting import Counting
from ivr.errors import BadTestSet

_CODECS = "mulaw, alaw, gsm, opus, g726 or none."


def voices(
    folder: Annotated[Path, typer.Argument(help="One folder a speaker, with recordings.")],
    codec: Annotated[str, typer.Option(help=_CODECS)] = "mulaw",
    seconds: Annotated[float | None, typer.Option(help="Of each recording; 0 for all.")] = 3.0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here too.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write a page with pictures here.")
    ] = None,
    encoder: Annotated[
        list[str] | None, typer.Option(help="Name several to see them side by side.")
    ] = None,
    enrol: Annotated[int, typer.Option(help="Recordings an enrolment is made from.")] = 1,
    trials: Annotated[
        Path | None, typer.Option(help="A list: enrolment[,enrolment..], test, target|impostor.")
    ] = None,
    write_trials: Annotated[
        Path | None, typer.Option(help="Keep the list of trials that was made here.")
    ] = None,
    people: Annotated[Path | None, typer.Option(help="CSV of speaker, age, sex.")] = None,
    breakdown: Annotated[
        bool, typer.Option(help="Also by codec, noise and length of speech.")
    ] = False,
    quick: Annotated[bool, typer.Option(help="A smaller breakdown, rougher intervals.")] = False,
    workers: Annotated[int, typer.Option(help="Recordings at a time; 0 for all cores.")] = 0,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 20_260,
) -> None:
    """How well encoders tell voices apart."""
    from ivr.evaluate.voices import VoicesWish, evaluate_voices, figures_as_json, page
    from ivr.wiring import House
    from ivr.wiring.contestants import contestants

    house = House.from_environment()
    field = contestants(house.places, encoder or [])
    wish = VoicesWish(
        codec=codec,
        seconds=seconds or None,
        enrol=enrol,
        trials=trials,
        written_trials=write_trials,
        people=people,
        breaks_down=breakdown,
        is_quick=quick,
        workers=workers or os.cpu_count() or 1,
        seed=seed,
    )
    with Counting("listening") as progress:
        found = evaluate_voices(
            folder,
            wish,
            detector=house.voices.detector,
            contestants=field.present,
            progress=progress,
        )
    figures = {name: figures_as_json(one) for name, one in found.by_encoder.items()}
    _show(figures, field.absent)
    if json_file:
        content = next(iter(figures.values())) if len(figures) == 1 else figures
        _write(json_file, json.dumps(content, indent=1) + "\n")
    if html_file:
        now = datetime.now().astimezone()
        drawn = page(found, thresholds=field.thresholds, absent=field.absent, now=now)
        _write(html_file, drawn)


def _show(figures: Mapping[str, Mapping[str, Any]], absent: Mapping[str, str]) -> None:
    """A column for each encoder, with 95 % intervals; breakdowns below."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("", *figures, show_header=len(figures) > 1)
    nested = ("intervals", "parts", "with_failures")
    for name in next(iter(figures.values())):
        if name not in nested:
            table.add_row(name, *(_shown(column, name) for column in figures.values()))
    console.print(table)
    parts = Table("", "", "encoder", "eer", "fnmr_at_fmr_1e2", "genuine", "impostor")
    for encoder, column in figures.items():
        for part in column["parts"]:
            rates = (_shown(part, name) for name in ("eer", "fnmr_at_fmr_1e2"))
            counts = (str(part["target_trials"]), str(part["impostor_trials"]))
            parts.add_row(part["kind"], part["label"], encoder, *rates, *counts)
    if parts.row_count:
        console.print(parts)
    for encoder, sentence in absent.items():
        console.print(f"{encoder} took no part: {sentence}", markup=False)


def _shown(column: Mapping[str, Any], name: str) -> str:
    value = column[name]
    if value is None:
        return "too few trials" if name.startswith("fnmr") else "-"
    if not isinstance(value, float):
        return str(value)
    low, high = column["intervals"].get(name, (None, None))
    return f"{value:.4f}" + ("" if low is None else f"  ({low:.4f} to {high:.4f})")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as err:
        raise BadTestSet("The figures cannot be written; check the folder.") from err
