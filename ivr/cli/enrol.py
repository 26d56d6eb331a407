"""`ivr enrol`: make a voiceprint from recordings."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from biometrics import Channel


def enrol(
    subject: Annotated[str, typer.Argument(help="The voice's id, as the directory has it.")],
    wavs: Annotated[list[Path], typer.Argument(help="Three or more recordings of the voice.")],
    consent_text: Annotated[
        str, typer.Option(help="The person has just agreed to this text, such as recognition-1.")
    ] = "",
    consent_channel: Annotated[Channel, typer.Option(help="Where they agreed.")] = Channel.AGENT,
    consent_language: Annotated[str, typer.Option(help="In which language: de or en.")] = "de",
) -> None:
    """Make a voiceprint; an earlier one of the same subject is replaced.

    Nobody is enrolled who has not agreed: give --consent-text, or write the consent down before
    with `ivr voiceprint consent`.
    """
    from biometrics import Purpose, Said, SubjectId
    from ivr.cli.waiting import waiting
    from ivr.wiring import House

    house = House.from_environment()
    recordings = [house.places.read_recording(wav) for wav in wavs]
    if consent_text:
        said = Said(text=consent_text, language=consent_language, channel=consent_channel)
        rights, moment = house.subjects.rights, datetime.now(UTC)
        rights.grant(SubjectId(subject), Purpose.RECOGNITION, said, moment)
    with waiting("Listening to the recordings"):
        voiceprint = house.voices.enrol(SubjectId(subject), recordings, now=datetime.now(UTC))
    seconds = voiceprint.net_speech_ms / 1000
    typer.echo(
        f"Enrolled {subject} from {voiceprint.recordings} recordings, "
        f"{seconds:.1f} s of speech, encoder {voiceprint.encoder}."
    )
