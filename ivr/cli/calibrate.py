"""`ivr calibrate`: learn what scores mean from recordings of your own."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from ivr.errors import BadSettings

Folders = Annotated[
    list[Path], typer.Argument(metavar="DIR...", help="Each holds one folder a person.")
]


def calibrate(
    folders: Folders,
    fmr: Annotated[float | None, typer.Option(help="Share of strangers to accept.")] = None,
    codec: Annotated[
        list[str] | None, typer.Option(help="mulaw, alaw, gsm or none; several make several lines.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Name of the line, for recordings that came over it.")
    ] = None,
    speakers: Annotated[
        str | None, typer.Option(help="half:a or half:b, to test with the other half.")
    ] = None,
    cohort: Annotated[
        list[Path] | None, typer.Option(help="Other people to normalise with, if that helps.")
    ] = None,
    data: Annotated[str, typer.Option(help="What the recordings are, in words.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Where to keep it; else where every command looks.")
    ] = None,
) -> None:
    """Learn from your own recordings what a score means, and from which one a voice is accepted.

    People who were recorded need to have agreed to it. Every folder weighs the same.
    """
    from ivr.cli.counting import Counting
    from ivr.wiring import House
    from ivr.wiring.calibrating import Wish, calibrate_house

    wish = Wish(
        folders=tuple(folders),
        codecs=tuple(codec or ["mulaw"]),
        profile=profile,
        fmr=_share(fmr),
        half=_half(speakers),
        cohort=tuple(cohort or ()),
        data=data,
        out=out,
    )
    voices = House.from_environment().voices
    with Counting("listening") as progress:
        found = calibrate_house(wish, voices, progress)
    typer.echo("\n".join(found.sentences))
    if found.file is None:
        typer.echo(
            "The calibration in use does no worse on the same people, so nothing was kept. Bring "
            "more people, or name a file with --out."
        )
    else:
        typer.echo(f"Kept: {found.file}")


def _share(fmr: float | None) -> float | None:
    if fmr is not None and not 0 < fmr < 1:
        raise BadSettings("--fmr must lie between 0 and 1.")
    return fmr


def _half(text: str | None) -> Literal["a", "b"] | None:
    if text is None:
        return None
    kind, _, half = text.partition(":")
    if kind != "half" or half not in ("a", "b"):
        raise BadSettings("--speakers must be half:a or half:b.")
    return "a" if half == "a" else "b"
