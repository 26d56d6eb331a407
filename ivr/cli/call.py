"""`ivr call`: play a simulated call from WAV files, one file a turn."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ivr.call import Language


def call(
    wavs: Annotated[list[Path], typer.Argument(help="The caller's turns, one WAV file each.")],
    number: Annotated[str, typer.Option("--from", help="Caller id; empty is withheld.")] = "",
    lang: Annotated[Language | None, typer.Option(help="Language, when known.")] = None,
    pack: Annotated[str, typer.Option(help="airline, bank, telecom, retail or a file.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a turn.")] = False,
    save_audio: Annotated[Path | None, typer.Option(help="Keep the prompts here.")] = None,
) -> None:
    """Play a call through the whole house and tell what each room found."""
    from rich.console import Console

    from ivr.cli.account import tell
    from ivr.cli.waiting import waiting
    from ivr.pipeline import Turn
    from ivr.result import as_json as plain
    from ivr.result import new_call_id
    from ivr.wiring import House

    console = Console()
    house = House.from_environment(pack=pack)
    recordings = [house.places.read_recording(wav) for wav in wavs]
    with waiting("Loading models", is_silent=as_json):
        switchboard = house.switchboard
    call_id = new_call_id()
    for position, (wav, recording) in enumerate(zip(wavs, recordings, strict=True), start=1):
        turn = Turn(
            call_id=call_id, number=house.read_number(number), audio=recording, language=lang
        )
        answer = switchboard.take(turn, now=datetime.now().astimezone())
        if save_audio:
            house.places.save(answer.sound, save_audio / f"turn-{position}.wav")
        if as_json:
            sys.stdout.write(json.dumps(plain(answer.result), ensure_ascii=False) + "\n")
        else:
            tell(console, answer.result, title=f"turn {position}: {wav.name}")
        if answer.so_far.dialogue.is_over:
            break
    switchboard.forget(call_id)
    house.close()
