"""`ivr call --via`: the same call over a gateway's real socket."""

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ivr.call import Language

if TYPE_CHECKING:
    from ivr.rehearsal import PlannedTurn
    from ivr.simulate.caller import Manners
    from ivr.simulate.leg import Said
    from ivr.simulate.play import Plan, Played
    from ivr.wiring import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What is wanted of a call."""

    as_json: bool = False
    audio: Path | None = None
    timeline: Path | None = None
    junit: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Which gateway calls, and whom."""

    via: str
    server: str = ""
    """The address of a service that runs; without one a service is started for the call."""


def call_via(
    way: Way,
    turns: Sequence[str],
    who: tuple[str, Language | None, str],
    manners: "Manners",
    outputs: Outputs,
) -> None:
    """Call a service on this machine, or one that runs, and tell what came of it.

    Raises:
        NobodyAnswers: nobody does, or the call is not taken; says what to do.
    """
    from ivr.simulate.leg import Line
    from ivr.simulate.play import WAYS, Plan, new_call_of
    from ivr.wiring import House

    via = way.via
    if via not in WAYS:
        raise typer.BadParameter(f"--via is one of {', '.join(WAYS)}.")
    if way.server and manners.is_fast:
        raise typer.BadParameter("A service that runs goes by the clock: leave --fast out.")
    number, lang, pack = who
    line = Line(call_id=new_call_of(via), number=number, language=lang.value if lang else "")
    plan = Plan(via=via, line=line, manners=manners)
    given = House.from_environment(pack=pack)
    call = partial(_elsewhere, server=way.server) if way.server else _here
    played, titles = call(given, turns, plan, is_silent=outputs.as_json)
    _tell(played, titles, outputs)
    _keep(played, turns, outputs)


def _here(
    given: "House", turns: Sequence[str], plan: "Plan", *, is_silent: bool
) -> tuple["Played", Sequence[str]]:
    from ivr.cli.waiting import waiting
    from ivr.simulate.ground import Ground, open_for_all
    from ivr.simulate.play import play
    from ivr.wiring import House

    settings, door = open_for_all(given.settings, is_fast=plan.manners.is_fast)
    with closing(House(settings)) as house:
        with waiting("Loading models", is_silent=is_silent):
            house.warm_up()
            spoken = _spoken(house, turns)
        with waiting(f"Calling over {plan.via}", is_silent=is_silent):
            played = play(Ground(house=house, door=door), spoken, plan)
    return played, [one.title for one in spoken]


def _elsewhere(
    given: "House", turns: Sequence[str], plan: "Plan", *, server: str, is_silent: bool
) -> tuple["Played", Sequence[str]]:
    from ivr.cli.waiting import waiting
    from ivr.simulate.ground import Elsewhere, running
    from ivr.simulate.play import play

    with closing(given):
        called = Elsewhere(door=running(given.settings, server))
        spoken = _spoken(given, turns)
        with waiting(f"Calling {called.door.url} over {plan.via}", is_silent=is_silent):
            played = play(called, spoken, plan)
    return played, [one.title for one in spoken]


def _spoken(house: "House", turns: Sequence[str]) -> list["Said"]:
    from ivr.simulate.turns import said

    return [said(house, turn) for turn in turns]


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
