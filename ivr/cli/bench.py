"""`ivr bench`: figures for the documentation, each from a run."""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.bench import Chart
    from ivr.wiring import House

app = typer.Typer(help="Figures for the documentation, each from a run.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Figures for the documentation, each from a run."""


@app.command("all")
def bench_all(
    checkout: Annotated[Path, typer.Option(help="The checkout with fixtures and docs.")] = Path(),
) -> None:
    """Measure everything; write docs/performance.md and the README's figures."""
    from ivr.bench import measure_all
    from ivr.bench.pages import page, with_headlines

    with _rehearsal(checkout, "Loading models ...") as (house, tell):
        charts = list(
            measure_all(
                house,
                checkout=checkout.resolve(),
                watch=lambda what: tell(f"Measuring {what} ..."),
            )
        )
    machine = _machine()
    measured = page(machine, charts)
    (checkout / "docs" / "performance.md").write_text(measured, "utf-8")
    readme = checkout / "README.md"
    text = with_headlines(readme.read_text("utf-8"), machine, charts)
    readme.write_text(text, "utf-8")
    typer.echo(measured)


@app.command()
def search(
    sizes: Annotated[
        list[int] | None, typer.Argument(help="Lengths of lists; 1000 to 1000000 if none.")
    ] = None,
) -> None:
    """Look for one voice among many, with the index of watchlists and without."""
    from ivr.bench import search_chart
    from ivr.evaluate.search_speed import SIZES

    typer.echo(search_chart(sizes or SIZES).markdown("##"))


@app.command()
def live(
    calls: Annotated[int, typer.Option(help="Calls at the same time.", min=1)] = 1,
    seconds: Annotated[int, typer.Option(help="How long they call.", min=20)] = 60,
    checkout: Annotated[Path, typer.Option(help="The checkout with the fixtures.")] = Path(),
    write: Annotated[
        bool, typer.Option("--write", help="Measure 1, 10 and 30; put it into the documents.")
    ] = False,
    via: Annotated[
        str, typer.Option(help="As this gateway, over real sockets; in this process if none.")
    ] = "",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write figures here.")] = None,
) -> None:
    """How soon live calls are answered: from the caller's last word to our first sound."""
    import json

    from ivr.bench import live_chart, measure_live, measure_via
    from ivr.bench.pages import with_new

    fixtures = checkout / "audio_fixtures"
    with _rehearsal(checkout, f"{calls} calls, {seconds} s ...") as (house, _):
        if write:
            chart = live_chart(house, fixtures)
            for page, level in (
                (checkout / "docs/performance.md", "##"),
                (checkout / "README.md", "###"),
            ):
                page.write_text(with_new(page.read_text("utf-8"), [chart], level=level), "utf-8")
            typer.echo(chart.markdown("##"))
            return
        if via:
            measured = measure_via(house, fixtures, via=via, calls=calls, seconds=seconds)
        else:
            measured = measure_live(house, fixtures, calls=calls, seconds=seconds)
        figures = measured.as_json()
    for name, value in figures.items():
        typer.echo(f"{name:20} {value}")
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


@app.command()
def load(
    calls: Annotated[
        list[int] | None, typer.Argument(help="Calls at once, level by level; 1 to 128 if none.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="Of each level.", min=5)] = 90,
    limit_ms: Annotated[int, typer.Option(help="Largest 95th percentile of a turn.")] = 1_000,
    checkout: Annotated[Path, typer.Option(help="The checkout with the fixtures.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Into docs/scaling.md too.")] = False,
) -> None:
    """How many calls at once are answered in time, with Vosk to fall back on and without."""
    from ivr.bench.load import Ladder, load_chart

    usual = Ladder()
    ladder = Ladder(
        counts=tuple(calls) if calls else usual.counts, seconds=seconds, limit_ms=limit_ms
    )
    with _rehearsal(checkout, "Calling ...") as (house, _):
        chart = load_chart(house, checkout / "audio_fixtures", ladder, watch=_say)
    _show(chart, checkout / "docs" / "scaling.md" if write else None)


@app.command()
def soak(
    minutes: Annotated[float, typer.Option(help="How long they call.", min=0.1)] = 30,
    calls: Annotated[int, typer.Option(help="Lines that call at the same time.", min=1)] = 4,
    every_s: Annotated[float, typer.Option(help="Between two looks at memory.", min=1)] = 60,
    checkout: Annotated[Path, typer.Option(help="The checkout with the fixtures.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Into docs/scaling.md too.")] = False,
) -> None:
    """Whether memory stays flat: calls for a long time, and memory minute by minute."""
    from ivr.bench.soak import Soak, soak_chart

    wish = Soak(calls=calls, minutes=minutes, every_s=every_s)
    with _rehearsal(checkout, f"Calling for {minutes:.0f} minutes ...") as (house, _):
        chart = soak_chart(house, checkout / "audio_fixtures", wish, watch=_say_memory)
    _show(chart, checkout / "docs" / "scaling.md" if write else None)


@app.command()
def scaling(
    checkout: Annotated[Path, typer.Option(help="The checkout with the fixtures.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Into docs/scaling.md too.")] = False,
) -> None:
    """What a call costs, and what 10, 1,000 and 100,000 at once would need."""
    from ivr.bench.batching import batching_chart
    from ivr.bench.scaling import scaling_charts

    fixtures = checkout / "audio_fixtures"
    with _rehearsal(checkout, "Measuring ...") as (house, _):
        charts = [*scaling_charts(house, fixtures), batching_chart(house, fixtures)]
    for chart in charts:
        _show(chart, checkout / "docs" / "scaling.md" if write else None)


@app.command()
def peers(
    checkout: Annotated[Path, typer.Option(help="The checkout with the fixtures.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Into docs/performance.md too.")] = False,
) -> None:
    """Ours and others at the same work: encoders, recognisers, queues in two databases."""
    from ivr.bench.claiming import claims_chart
    from ivr.bench.peers import voice_peers, word_peers

    fixtures, file = checkout / "audio_fixtures", checkout / "docs" / "performance.md"
    with _rehearsal(checkout, "Measuring ...") as (house, _):
        charts = [voice_peers(house, fixtures), word_peers(house, fixtures), claims_chart()]
    for chart in charts:
        _show(chart, file if write else None)


@app.command()
def card(
    checkout: Annotated[Path, typer.Option(help="The checkout with the fixtures.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Into docs/scaling.md too.")] = False,
) -> None:
    """Whisper on this machine's graphics card, beside its processor; and turns in one go."""
    from ivr.bench.card import card_charts

    fixtures, speech = checkout / "audio_fixtures", checkout.resolve().parent / "shared" / "speech"
    with _rehearsal(checkout, "Measuring ...") as (house, tell):
        charts = card_charts(
            house.places.model("whisper-base"),
            fixtures,
            speech,
            watch=lambda what: tell(f"Measuring the {what} ..."),
        )
    for chart in charts:
        _show(chart, checkout / "docs" / "scaling.md" if write else None)


@contextmanager
def _rehearsal(checkout: Path, what: str) -> "Iterator[tuple[House, Callable[[str], None]]]":
    """A house with the customers of the fixtures, in a folder of its own; and what is shown."""
    import tempfile
    from contextlib import closing

    from rich.console import Console

    from ivr.wiring import House

    with (
        tempfile.TemporaryDirectory() as folder,
        Console(stderr=True).status(what) as status,
        closing(House.for_rehearsal(Path(folder))) as house,
    ):
        house.stage(checkout / "audio_fixtures")
        yield house, status.update


def _show(chart: "Chart", file: Path | None) -> None:
    """Print it, and put it into a page that is there, in place of the one before or at its end."""
    from ivr.bench.pages import with_or_added

    typer.echo(chart.markdown("##"))
    if file is not None:
        file.write_text(with_or_added(file.read_text("utf-8"), chart), "utf-8")


def _say(what: str) -> None:
    typer.echo(what, err=True)


def _say_memory(minutes: float, memory_mb: float) -> None:
    _say(f"{minutes:.1f} min: {memory_mb:.0f} MB")


def _machine() -> str:
    day = datetime.now(UTC).date().isoformat()
    return (
        f"Written by `ivr bench all` on {day}: {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, a shared and noisy machine."
    )
