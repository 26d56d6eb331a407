"""`ivr bench`: figures for the documentation, each from a run."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Figures for the documentation, each from a run.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Figures for the documentation, each from a run."""


@app.command("all")
def bench_all(
    checkout: Annotated[Path, typer.Option(help="The checkout with fixtures and docs.")] = Path(),
) -> None:
    """Measure everything; write docs/performance.md and the README's figures."""
    import tempfile

    from rich.console import Console

    from ivr.bench import measure_all
    from ivr.bench.pages import page, with_headlines
    from ivr.wiring import House

    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, console.status("Loading models ...") as status:
        house = House.for_rehearsal(Path(folder))
        house.stage(checkout / "audio_fixtures")
        charts = list(
            measure_all(
                house,
                checkout=checkout.resolve(),
                watch=lambda what: status.update(f"Measuring {what} ..."),
            )
        )
        house.close()
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
    import tempfile

    from rich.console import Console

    from ivr.bench import live_chart, measure_live, measure_via
    from ivr.bench.pages import with_new
    from ivr.wiring import House

    console = Console(stderr=True)
    fixtures = checkout / "audio_fixtures"
    with tempfile.TemporaryDirectory() as folder, console.status(f"{calls} calls, {seconds} s ..."):
        house = House.for_rehearsal(Path(folder))
        house.stage(fixtures)
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
        house.close()
    for name, value in figures.items():
        typer.echo(f"{name:20} {value}")
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def _machine() -> str:
    day = datetime.now(UTC).date().isoformat()
    return (
        f"Written by `ivr bench all` on {day}: {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, a shared and noisy machine."
    )
