"""`ivr enrol`: make a voiceprint from recordings, or many from a list."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from biometrics import Channel, Codec

_USAGE = "Give a subject and recordings, or --csv with a list of them."


def enrol(
    subject: Annotated[
        str, typer.Argument(help="The voice's id, as the directory has it.", show_default=False)
    ] = "",
    wavs: Annotated[
        list[Path] | None, typer.Argument(help="Three or more recordings of the voice.")
    ] = None,
    consent_text: Annotated[
        str, typer.Option(help="The person has just agreed to this text, such as recognition-1.")
    ] = "",
    consent_channel: Annotated[Channel, typer.Option(help="Where they agreed.")] = Channel.AGENT,
    consent_language: Annotated[str, typer.Option(help="In which language: de or en.")] = "de",
    codec: Annotated[
        Codec, typer.Option(help="Line that studio recordings are sent over, so as calls are.")
    ] = Codec.MULAW,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="A list: subject, file, and consent columns if wanted."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="What became of everybody on the list, as CSV.")
    ] = None,
    encoded: Annotated[
        Path | None, typer.Option(help="Folder in which ivr bulk encode has heard the list.")
    ] = None,
) -> None:
    """Make a voiceprint; an earlier one of the same subject is replaced.

    Nobody is enrolled who has not agreed: give --consent-text, or write the consent down before
    with `ivr voiceprint consent`. A list has columns of its own for it.
    """
    if csv is not None:
        if subject or consent_text:
            raise typer.BadParameter("A list names its subjects and consents itself.")
        from ivr.cli.enrol_list import enrol_list

        enrol_list(csv, report or csv.with_suffix(".report.csv"), codec, encoded)
        return
    if not subject or not wavs:
        raise typer.BadParameter(_USAGE)
    if report is not None or encoded is not None:
        raise typer.BadParameter("--report and --encoded are for a list, see --csv.")
    _enrol_one(subject, wavs, codec, consent=(consent_text, consent_language, consent_channel))


def _enrol_one(
    subject: str, wavs: list[Path], codec: Codec, *, consent: tuple[str, str, Channel]
) -> None:
    from biometrics import Purpose, Said, SubjectId
    from ivr.cli.metering import Metering
    from ivr.verify.enrol_many import warnings
    from ivr.verify.enrolling import enrol_all
    from ivr.wiring import House

    house = House.from_environment()
    recordings = [house.places.read_recording(wav) for wav in wavs]
    text, language, channel = consent
    if text:
        said = Said(text=text, language=language, channel=channel)
        rights, moment = house.subjects.rights, datetime.now(UTC)
        rights.grant(SubjectId(subject), Purpose.RECOGNITION, said, moment)
    room = house.voices.enrol_room("operator")
    metering = Metering([wav.name for wav in wavs])
    try:
        with metering as told:
            enrolled = enrol_all(
                room,
                SubjectId(subject),
                recordings,
                now=datetime.now(UTC),
                codec=codec,
                told=told,
            )
    finally:
        for line in metering.lines:
            typer.echo(line)
    for warning in warnings(enrolled):
        typer.echo(f"Warning: {warning}")
    voiceprint = enrolled.voiceprint
    seconds = voiceprint.net_speech_ms / 1000
    typer.echo(
        f"Enrolled {subject} from {voiceprint.recordings} recordings, "
        f"{seconds:.1f} s of speech, encoder {voiceprint.encoder}."
    )
