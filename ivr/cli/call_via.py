"""`ivr call --via`: the same call over a gateway's real socket."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ivr.call import Language

if TYPE_CHECKING:
    from ivr.rehearsal import PlannedTurn
    from ivr.simulate.caller import Manners
    from ivr.simulate.play import Played


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What is wanted of a call."""

    as_json: bool = False
    audio: Path | None = None
    timeline: Path | None = None
    junit: Path | None = None


def call_via(
    via: str,
    turns: Sequence[str],
    who: tuple[str, Language | None, str],
    manners: "Manners",
    outputs: Outputs,
) -> None:
    """Start the service on this machine, call it as a gateway does, and tell what came of it."""
    from ivr.cli.waiting import waiting
    from ivr.simulate.ground import Ground, open_for_all
    from ivr.simulate.leg import Line
    from ivr.simulate.play import WAYS, Plan, new_call_of, play
    from ivr.simulate.turns import said
    from ivr.wiring import House

    if via not in WAYS:
        raise typer.BadParameter(f"--via is one of {', '.join(WAYS)}.")
    number, lang, pack = who
    given = House.from_environment(pack=pack)
    settings, door = open_for_all(given.settings, is_fast=manners.is_fast)
    house = House(settings)
    with waiting("Loading models", is_silent=outputs.as_json):
        house.warm_up()
        ground = Ground(house=house, door=door)
        spoken = [said(house, turn) for turn in turns]
    line = Line(call_id=new_call_of(via), number=number, language=lang.value if lang else "")
    with waiting(f"Calling over {via}", is_silent=outputs.as_json):
        played = play(ground, spoken, Plan(via=via, line=line, manners=manners))
    house.close()
    _tell(played, [one.title for one in spoken], outputs)
    _keep(played, turns, outputs)


def _tell(played: "Played", titles: Sequence[str], outputs: Outputs) -> None:
    from rich.console import Console

    from ivr.cli.account import tell
    from ivr.result import as_json as plain
    from ivr.simulate.timeline import rows

    if outputs.as_json:
        for result in played.results:
            sys.stdout.write(json.dumps(plain(result), ensure_ascii=False) + "\n")
        return
    console = Console()
    for position, result in enumerate(played.results):
        title = titles[position] if position < len(titles) else "silence"
        tell(console, result, title=f"turn {position + 1}: {title}")
    for row in rows(played):
        typer.echo(row)
    told = ", ".join(f"{name} {value}" for name, value in played.ending.items() if value)
    typer.echo(f"The gateway was told: {told or 'nothing'}.")


def _keep(played: "Played", turns: Sequence[str], outputs: Outputs) -> None:
    from ivr.simulate.junit import report
    from ivr.simulate.timeline import picture

    if outputs.timeline is not None:
        outputs.timeline.write_bytes(picture(played))
    if outputs.audio is not None and played.tape is not None:
        outputs.audio.mkdir(parents=True, exist_ok=True)
        (outputs.audio / f"call-{played.via}.wav").write_bytes(played.tape.stereo())
    if outputs.junit is not None:
        titles = [Path(turn).name for turn in turns]
        outputs.junit.write_bytes(report(played, titles, _planned(turns)))


def _planned(turns: Sequence[str]) -> dict[str, "PlannedTurn"]:
    """What must come of recordings that belong to a call that is written down beside them."""
    from ivr.rehearsal import read_script

    names = [Path(turn).name for turn in turns]
    for folder in {Path(turn).parent for turn in turns if turn.endswith(".wav")}:
        if not (folder / "manifest.toml").exists():
            continue
        for call in read_script(folder).calls:
            recordings = [turn.recording for turn in call.turns]
            if recordings[: len(names)] == names:
                return {turn.recording: turn for turn in call.turns}
    return {}
