"""`ivr simulate`: a day of made-up callers, to see what figures and pages look like."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ivr.journal.figures import Share
    from ivr.simulate.day.run import Report


def simulate(
    calls: Annotated[int, typer.Option(help="So many, and more where something rises.", min=1)] = (
        1_000
    ),
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Else yesterday.")
    ] = None,
    rise: Annotated[
        list[str] | None,
        typer.Option(help="More calls about something from an hour on, such as refund@14x3."),
    ] = None,
    audio: Annotated[
        int, typer.Option(help="Calls that are really spoken, heard and verified.", min=0)
    ] = 0,
    weeks: Annotated[
        int, typer.Option(help="Weeks before, drawn from the day itself.", min=0, max=52)
    ] = 8,
    seed: Annotated[int, typer.Option(help="Another one, other callers.", min=0)] = 1,
    pack: Annotated[str, typer.Option(help="airline, bank, telecom or retail.")] = "",
    into: Annotated[
        Path | None, typer.Option(help="A new folder for its database and keys.")
    ] = None,
) -> None:
    """Fill a day with calls through the real pipeline, into a database of its own.

    Callers, their words and most of their voices are made up; what becomes of them is decided as
    in real calls.
    """
    from rich.console import Console

    from ivr.cli.counting import Stages
    from ivr.settings import read_settings
    from ivr.simulate.day.run import Wanted, simulate

    settings = read_settings()
    zone = ZoneInfo(settings.reach.zone)
    chosen = day.date() if day else _yesterday(zone)
    wanted = Wanted(
        day=chosen,
        zone=zone,
        calls=calls,
        audio=audio,
        rises=tuple(rise or ()),
        weeks=weeks,
        seed=seed,
        pack=pack or settings.understand.pack,
    )
    folder = into or settings.home / "simulated" / f"{wanted.pack}-{chosen}-{seed}"
    with Stages("Loading models") as progress:
        report = simulate(wanted, folder, progress)
    _tell(Console(), folder, wanted.pack, report)


def _yesterday(zone: ZoneInfo) -> date:
    return (datetime.now(zone) - timedelta(days=1)).date()


def _tell(console: "Console", folder: Path, pack: str, report: "Report") -> None:
    """What became of the day, and where to look at it."""
    found = report.summary
    calls = len(report.played)
    rate = calls / report.seconds if report.seconds else 0.0
    turns = sum(one.turns for one in report.played)
    console.print(f"{calls} calls, {turns} turns in {report.seconds:.0f} s ({rate:.1f} calls/s)")
    _row(console, "how they ended", [(one.code, one.calls) for one in found.outcomes])
    _row(console, "contained", [(_percent(found.contained), found.contained.whole)])
    _row(console, "voices", [(one.code, one.calls) for one in found.verification])
    _row(console, "topics", [(one.code, one.calls) for one in found.topics])
    _row(console, "queues", [(one.code, one.calls) for one in found.queues])
    service = found.service
    console.print(
        f"waiting: median {service.waited.median or 0:.0f} s, {_percent(service.in_time)} within "
        f"{service.answer_within_s} s, {_percent(service.abandoned)} left"
    )
    console.print(f"satisfaction: {found.satisfaction.mean or 0:.1f} of 5")
    saved = found.saved
    console.print(
        f"identification: {saved.saved_s // 60} minutes saved, if questions take "
        f"{saved.by_questions_s} s a caller"
    )
    for noticed in found.noticed:
        rise, zone = noticed.rise, noticed.at.tzinfo
        console.print(
            f"rising: {rise.topic}, noticed at {noticed.at:%H:%M}: {rise.observed} calls instead "
            f"of {rise.expected:.0f} since {rise.since.astimezone(zone):%H:%M}",
            highlight=False,
        )
        for example in rise.examples:
            console.print(f"    {example}", markup=False, highlight=False)
    if report.earlier:
        console.print(f"{report.earlier} records of the weeks before, drawn from this day.")
    _open_next(console, folder, pack)


def _row(console: "Console", title: str, counts: list[tuple[str, int]]) -> None:
    told = ", ".join(f"{code} {many}" for code, many in counts) or "none"
    console.print(f"{title}: {told}", highlight=False)


def _percent(share: "Share") -> str:
    return "-" if share.rate is None else f"{share.rate:.0%}"


def _open_next(console: "Console", folder: Path, pack: str) -> None:
    console.print(
        "\nLook at it with the following, at http://localhost:8080/sign-in:", style="bold"
    )
    for name, value in (
        ("DATABASE_URL", f"sqlite:///{folder.resolve() / 'rufwerk.db'}"),
        ("KEYS__DATABASE", f"sqlite:///{folder.resolve() / 'keys.db'}"),
        ("KEYS__FILE", str(folder.resolve() / "master.key")),
        ("UNDERSTAND__PACK", pack),
        ("REVIEW__COLLECT", "all"),
    ):
        console.print(f"export IVR_{name}={value}", soft_wrap=True, highlight=False)
    console.print("ivr people add me --name Me --role supervisor --generate", highlight=False)
    console.print("IVR_PAGES__ON=1 ivr serve", highlight=False)
