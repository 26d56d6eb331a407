"""`ivr bulk`: encode very many recordings beforehand, and destroy what was kept of them."""

import time
from pathlib import Path
from typing import Annotated

import typer

from biometrics import Codec

app = typer.Typer(help="Voices of very many recordings, encoded beforehand.", no_args_is_help=True)

_SHARD_ROWS = 500


@app.command()
def encode(
    recordings: Annotated[
        Path, typer.Argument(metavar="LIST", help="CSV as for ivr enrol --csv: subject, file.")
    ],
    into: Annotated[Path, typer.Option(help="Folder for what is heard, sealed.")],
    codec: Annotated[
        Codec, typer.Option(help="Line that studio recordings are sent over, so as calls are.")
    ] = Codec.MULAW,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for one a core.")] = 0,
    shard_rows: Annotated[
        int, typer.Option(min=1, max=100_000, help="Recordings that are written at a time.")
    ] = _SHARD_ROWS,
) -> None:
    """Hear every recording of a list as an enrolment would; run again, it goes on.

    Nobody is heard who has agreed neither in the ledger nor by the list. Nobody is enrolled: that
    is ivr enrol --csv LIST --encoded FOLDER.
    """
    from datetime import UTC, datetime
    from functools import partial

    from ivr.bulk.encode import Keeping
    from ivr.bulk.encode import encode as encoded
    from ivr.cli.counting import Counting
    from ivr.settings.plan import plan_here
    from ivr.wiring import House
    from ivr.wiring.bulk import Bulk, Counted
    from ivr.wiring.gone import Gone

    house = House.from_environment()
    bulk = Bulk(house)
    wanted = Counted.of(recordings)
    folder = bulk.folder(into, wanted, codec, shard_rows)
    gone = partial(Gone(house.voices).has_taken_back, since=datetime.now(UTC))
    crew = bulk.crew(codec, workers or plan_here().cores)
    begun = time.monotonic()
    with Counting("Encoding") as tell:
        tell(0, wanted.rows)
        figures = encoded(
            bulk.lines(recordings),
            folder,
            crew,
            Keeping(shard_rows=shard_rows, is_gone=gone),
            told=lambda so_far: tell(so_far.rows, wanted.rows),
        )
    seconds = max(time.monotonic() - begun, 0.001)
    typer.echo(f"{figures.rows} recordings in {into}, {figures.found} of them from before.")
    if figures.made:
        hours = figures.made_audio_ms / 3_600_000
        typer.echo(
            f"{figures.made / seconds:.1f} recordings a second, "
            f"{hours / (seconds / 3600):.0f} hours of sound an hour."
        )
    for code, count in sorted(figures.codes.items()):
        typer.echo(f"{code}: {count}")


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder that ivr bulk encode has filled.")],
    enrol: Annotated[int, typer.Option(min=1, help="Recordings an enrolment is made from.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here too.")
    ] = None,
    codec: Annotated[Codec, typer.Option(help="As it was encoded.")] = Codec.MULAW,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 20_260,
) -> None:
    """How well the voices of a folder are told apart; nothing is heard again."""
    from dataclasses import asdict

    from ivr.cli.figures import show
    from ivr.evaluate.encoded_voices import evaluate_encoded
    from ivr.wiring import House
    from ivr.wiring.bulk import Bulk

    house = House.from_environment()
    takes = Bulk(house).takes(folder, codec)
    found = evaluate_encoded(takes, house.voices.calibration, enrol=enrol, seed=seed)
    show({house.voices.encoder.id: asdict(found)}, json_file)


@app.command()
def forget(
    folder: Annotated[Path, typer.Argument(help="Folder that ivr bulk encode has filled.")],
) -> None:
    """Destroy the folder's key and files: every copy of it is noise from then on."""
    from ivr.wiring import House
    from ivr.wiring.bulk import Bulk

    count = Bulk(House.from_environment()).forget(folder)
    typer.echo(f"The key is destroyed, and {count} shards are removed.")
