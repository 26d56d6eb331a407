"""`ivr watchlist`: lists of voices that others are compared with, and what people make of hits."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from biometrics import (
    LegalBasis,
    ListPurpose,
    Receipt,
    Review,
    ReviewId,
    ReviewStatus,
    SubjectId,
    Watchlist,
    heard_in,
)

app = typer.Typer(
    help="One of many: lists of voices, off until IVR_WATCHLIST__ENABLED=true.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="The list's name or id.")]
Basis = Annotated[str, typer.Option("--legal-basis", help="Why it is allowed, in words.")]
Decider = Annotated[str, typer.Option("--decided-by", help="Who answers for that.")]
Days = Annotated[
    int, typer.Option("--retention-days", min=1, help="Days from now on which the list ends.")
]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the list is called.")],
    purpose: Annotated[ListPurpose, typer.Option(help="What it is for.")],
    legal_basis: Basis = "",
    decided_by: Decider = "",
    retention_days: Days = 365,
) -> None:
    """Make a list; it is of no use before its legal basis is recorded, here or by decide."""
    from ivr.wiring import House

    watching, now = House.from_environment().voices.watching, _now()
    watching.check_on()
    is_decided = bool(legal_basis or decided_by)
    basis = _basis(legal_basis, decided_by, retention_days, now) if is_decided else None
    made = watching.desk("operator").create(name, purpose, basis, now)
    typer.echo(f"Made: {made.name}, {made.id}.")
    typer.echo(made.why_unusable(now) or f"Ends on {made.ends_at:%Y-%m-%d}.")


@app.command()
def decide(name: Name, legal_basis: Basis, decided_by: Decider, retention_days: Days = 365) -> None:
    """Record on what legal basis a list is used from now on, and for how long."""
    from ivr.wiring import House

    watching, now = House.from_environment().voices.watching, _now()
    watching.check_on()
    desk = watching.desk("operator")
    basis = _basis(legal_basis, decided_by, retention_days, now)
    decided = desk.decide(desk.find(name), basis)
    typer.echo(f"Recorded; {decided.name} ends on {decided.ends_at:%Y-%m-%d}.")


@app.command("lists")
def show_lists(
    entries: Annotated[
        bool, typer.Option("--entries", help="The ids of each list's entries too.")
    ] = False,
) -> None:
    """Every list: purpose, entries, legal basis, who decided, when it ends."""
    from ivr.wiring import House

    watching, now = House.from_environment().voices.watching, _now()
    found = watching.lists.lists()
    for watchlist in found:
        ids = sorted(watching.lists.entries(watchlist.id))
        typer.echo(f"{watchlist.id}  {watchlist.name}  {watchlist.purpose}  {len(ids)} entries")
        typer.echo(f"  {_decided(watchlist)}")
        if why := watchlist.why_unusable(now):
            typer.echo(f"  {why}")
        for entry in ids if entries else ():
            typer.echo(f"  {entry}")
    if not found:
        typer.echo("There are no watchlists.")


@app.command()
def add(
    name: Name,
    wavs: Annotated[list[Path] | None, typer.Argument(help="Recordings of one voice.")] = None,
    subject: Annotated[str, typer.Option(help="In their place, an enrolled voice's id.")] = "",
) -> None:
    """Put a voice on a list of fraudsters; the id that is printed belongs in your case file."""
    from ivr.cli.waiting import waiting
    from ivr.wiring import House

    house, now = House.from_environment(), _now()
    watching = house.voices.watching
    watching.check_on()
    desk = watching.desk("operator")
    watchlist = desk.find(name)
    watchlist.check_usable(now)
    if bool(wavs) == bool(subject):
        raise typer.BadParameter("Give recordings, or --subject.")
    with waiting("Listening"):
        if subject:
            voiceprint = watching.kept_print(SubjectId(subject))
        else:
            recordings = [house.places.read_recording(wav) for wav in wavs or ()]
            voiceprint = watching.print_of(recordings, now)
        entry = desk.add(watchlist, voiceprint, encoder=watching.heard_by, now=now)
    typer.echo(f"Added as {entry}.")


@app.command()
def remove(
    name: Name, entry: Annotated[str, typer.Argument(help="As it was printed when added.")]
) -> None:
    """Destroy an entry's key, and print a receipt."""
    from ivr.wiring import House

    desk = House.from_environment().voices.watching.desk("operator")
    _tell(desk.remove(desk.find(name), SubjectId(entry), _now()))


@app.command()
def search(
    name: Name,
    wavs: Annotated[list[Path] | None, typer.Argument(help="Recordings of one voice.")] = None,
    subject: Annotated[str, typer.Option(help="In their place, an enrolled voice's id.")] = "",
) -> None:
    """Who on a list sounds like this voice; hits wait for a review."""
    from ivr.cli.counting import Counting
    from ivr.wiring import House

    house, now = House.from_environment(), _now()
    watching = house.voices.watching
    searching = watching.search_by("operator")
    watchlist = watching.desk("operator").find(name)
    watchlist.check_usable(now)
    if bool(wavs) == bool(subject):
        raise typer.BadParameter("Give recordings, or --subject.")
    with Counting("Voices") as progress:
        searching.load(watchlist, now, progress)
    if subject:
        heard = heard_in(watching.kept_print(SubjectId(subject)))
    else:
        heard = watching.voice_of([house.places.read_recording(wav) for wav in wavs or ()])
    found = searching.search(watchlist, heard, now)
    typer.echo(found.strictness.sentence)
    for hit in found.hits:
        typer.echo(f"{hit.entry}  likelihood ratio {hit.llr:.1f}")
    typer.echo(f"To be reviewed: {found.review.id}." if found.review else "Nobody was found.")


@app.command()
def hits(
    every: Annotated[bool, typer.Option("--all", help="Those that were reviewed too.")] = False,
) -> None:
    """Hits that wait for a person."""
    from ivr.wiring import House

    watching = House.from_environment().voices.watching
    shown = [
        (watchlist, review)
        for watchlist in watching.lists.lists()
        for review in watching.reviews.of(watchlist.id)
        if every or review.is_open
    ]
    for watchlist, review in shown:
        _show(watchlist, review)
    if not shown:
        typer.echo("No hit waits for a review.")


@app.command()
def review(
    hit: Annotated[str, typer.Argument(help="The review's id, see hits.")],
    confirm: Annotated[
        bool, typer.Option("--confirm/--dismiss", help="It is the same person, or it is not.")
    ],
) -> None:
    """Say what a hit is, after having looked at it."""
    from ivr.wiring import House

    status = ReviewStatus.CONFIRMED if confirm else ReviewStatus.DISMISSED
    desk = House.from_environment().voices.watching.desk("operator")
    settled = desk.settle(ReviewId(hit), status, _now())
    typer.echo(f"{settled.id}  {settled.status}")


@app.command()
def delete(name: Name) -> None:
    """Destroy a list, the keys of all its entries, and its reviews; print a receipt."""
    from ivr.wiring import House

    desk = House.from_environment().voices.watching.desk("operator")
    _tell(desk.delete(desk.find(name), _now()))


@app.command()
def expire() -> None:
    """Destroy the lists whose time is over; run it once a day."""
    from ivr.wiring import House

    gone = House.from_environment().voices.watching.desk("retention").expire(_now())
    typer.echo(f"Destroyed: {len(gone)}.")
    for receipt in gone:
        _tell(receipt)


def _basis(text: str, decided_by: str, days: int, now: datetime) -> LegalBasis:
    return LegalBasis(text=text, decided_by=decided_by, decided_at=now, retention_days=days)


def _decided(watchlist: Watchlist) -> str:
    basis = watchlist.basis
    if basis is None:
        return f"made {watchlist.created_at:%Y-%m-%d}"
    return (
        f"{basis.text} (decided by {basis.decided_by} on {basis.decided_at:%Y-%m-%d}, "
        f"ends on {basis.ends_at:%Y-%m-%d})"
    )


def _show(watchlist: Watchlist, review: Review) -> None:
    at, whose = f"{review.found_at:%Y-%m-%d %H:%M:%S}", review.subject or "a recording"
    typer.echo(f"{review.id}  {at}  {review.status}  {watchlist.name}  {whose}")
    for candidate in review.candidates:
        typer.echo(f"  {candidate.entry}  {candidate.band}")
    if not review.is_promised:
        typer.echo("  The list is too long to be sure: the most alike, and no more.")


def _tell(receipt: Receipt) -> None:
    typer.echo(f"{receipt.subject}  {receipt.at:%Y-%m-%d %H:%M:%S %Z}  {receipt.proof}")


def _now() -> datetime:
    return datetime.now(UTC)
