"""`ivr call`: play a simulated call from WAV files and keys, one a turn."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Language

_KEYS = "keys:"


def call(
    turns: Annotated[
        list[str], typer.Argument(help="The caller's turns: a WAV file each, or keys:1234#.")
    ],
    number: Annotated[str, typer.Option("--from", help="Caller id; empty is withheld.")] = "",
    lang: Annotated[Language | None, typer.Option(help="Language, when known.")] = None,
    pack: Annotated[str, typer.Option(help="airline, bank, telecom, retail or a file.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a turn.")] = False,
    save_audio: Annotated[
        Path | None, typer.Option(help="Keep the prompts here; with --via, both sides in stereo.")
    ] = None,
    via: Annotated[
        str,
        typer.Option(
            help="Over a real socket, as this gateway: audiosocket, asterisk-websocket, jambonz, "
            "twilio, audio-fork, rest, httapi or vosk."
        ),
    ] = "",
    server: Annotated[
        str,
        typer.Option(
            help="With --via: the address of a service that runs with these settings, such as "
            "http://127.0.0.1:8080; without one a service is started for the call."
        ),
    ] = "",
    fast: Annotated[bool, typer.Option(help="As fast as both sides can.")] = False,
    barge_in: Annotated[
        int, typer.Option(help="Speak so many ms after a prompt began.", min=0)
    ] = 0,
    loss: Annotated[
        float, typer.Option(help="Percent of the caller's sound that is lost.", min=0, max=100)
    ] = 0,
    jitter: Annotated[int, typer.Option(help="Sound comes up to so many ms late.", min=0)] = 0,
    hang_up: Annotated[int, typer.Option(help="Hang up after so many ms.", min=0)] = 0,
    timeline: Annotated[Path | None, typer.Option(help="Draw who spoke when: a SVG file.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a test report.")] = None,
) -> None:
    """Play a call through the whole house and tell what each room found."""
    if via:
        from ivr.cli.call_via import Outputs, Way, call_via
        from ivr.simulate.caller import Manners

        manners = Manners(
            barge_in_ms=barge_in,
            hang_up_ms=hang_up,
            loss=loss / 100,
            jitter_ms=jitter,
            is_fast=fast,
        )
        outputs = Outputs(as_json=as_json, audio=save_audio, timeline=timeline, junit=junit)
        call_via(Way(via=via, server=server), turns, (number, lang, pack), manners, outputs)
        return
    if server or fast or barge_in or loss or jitter or hang_up or timeline or junit:
        raise typer.BadParameter("These options need --via and the name of a gateway.")
    _call(turns, (number, lang, pack), as_json=as_json, save_audio=save_audio)


def _call(
    turns: list[str],
    who: tuple[str, Language | None, str],
    *,
    as_json: bool,
    save_audio: Path | None,
) -> None:
    from rich.console import Console

    from ivr.cli.account import tell
    from ivr.cli.waiting import waiting
    from ivr.result import as_json as plain
    from ivr.result import new_call_id
    from ivr.turn import Turn
    from ivr.wiring import House

    number, lang, pack = who
    console = Console()
    house = House.from_environment(pack=pack)
    planned = [_planned(turn, house.places.read_recording) for turn in turns]
    with waiting("Loading models", is_silent=as_json):
        switchboard = house.switchboard
    call_id = new_call_id()
    for position, (title, recording, keys) in enumerate(planned, start=1):
        turn = Turn(
            call_id=call_id,
            number=house.read_number(number),
            audio=recording,
            keys=keys,
            language=lang,
        )
        answer = switchboard.take(turn, now=datetime.now().astimezone())
        if save_audio:
            house.places.save(answer.sound, save_audio / f"turn-{position}.wav")
        if as_json:
            sys.stdout.write(json.dumps(plain(answer.result), ensure_ascii=False) + "\n")
        else:
            tell(console, answer.result, title=f"turn {position}: {title}")
        if answer.so_far.dialogue.is_over:
            break
    switchboard.forget(call_id)
    house.close()


def _planned(turn: str, read: Callable[[Path], bytes]) -> tuple[str, bytes, str]:
    """What to call the turn, its recording and its keys, of which it has one."""
    if not turn.startswith(_KEYS):
        return Path(turn).name, read(Path(turn)), ""
    keys = turn.removeprefix(_KEYS)
    if not keys or not set(keys) <= set("0123456789*#"):
        raise typer.BadParameter("Keys are digits, * and #, such as keys:1234#.")
    return "keys", b"", keys
