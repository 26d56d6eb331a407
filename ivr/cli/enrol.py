"""`ivr enrol`: make a voiceprint from recordings."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer


def enrol(
    subject: Annotated[str, typer.Argument(help="The voice's id, as the directory has it.")],
    wavs: Annotated[list[Path], typer.Argument(help="Three or more recordings of the voice.")],
) -> None:
    """Make a voiceprint; an earlier one of the same subject is replaced.

    Enrol nobody who has not agreed: a voiceprint is special personal data.
    """
    from biometrics import SubjectId
    from ivr.cli.waiting import waiting
    from ivr.wiring import House

    house = House.from_environment()
    recordings = [house.places.read_recording(wav) for wav in wavs]
    with waiting("Listening to the recordings"):
        voiceprint = house.voices.enrol(SubjectId(subject), recordings, now=datetime.now(UTC))
    seconds = voiceprint.net_speech_ms / 1000
    typer.echo(
        f"Enrolled {subject} from {voiceprint.recordings} recordings, "
        f"{seconds:.1f} s of speech, encoder {voiceprint.encoder}."
    )
