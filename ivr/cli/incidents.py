"""`ivr incidents`: what is going on, whom it concerns, and how many calls it took off people."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr.call import CustomerId
from ivr.reach.incident import Affected, Incident, IncidentId, Severity, Tally

app = typer.Typer(
    help="What is going on: callers whom it concerns hear of it first.", no_args_is_help=True
)

_A_DAY = timedelta(days=1)


class Grade(StrEnum):
    """How much it matters, as it is typed."""

    MINOR = "minor"
    NORMAL = "normal"
    URGENT = "urgent"


Facts = Annotated[
    list[str] | None, typer.Option("--fact", help="What the prompt names, such as area=Schwabing.")
]
Customers = Annotated[list[str] | None, typer.Option("--customer", help="Concerns this customer.")]
Matches = Annotated[
    list[str] | None,
    typer.Option("--match", help="Concerns customers of whom one event has all of these: a=b."),
]
Attributes = Annotated[
    list[str] | None,
    typer.Option("--attribute", help="Concerns customers whose attribute begins so: postcode=803."),
]
Numbers = Annotated[
    list[str] | None,
    typer.Option("--number", help="Concerns whoever calls from a number that begins so: +4989."),
]
When = "local time, such as 18:30 or 2026-11-26T18:30"


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="Such as outage or flight_cancelled.")],
    facts: Facts = None,
    customers: Customers = None,
    matches: Matches = None,
    attributes: Attributes = None,
    numbers: Numbers = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="Concerns everybody.")] = False,
    public: Annotated[
        bool, typer.Option("--public", help="May be told to people who have proven nothing.")
    ] = False,
    silent: Annotated[bool, typer.Option("--silent", help="Is told to nobody.")] = False,
    severity: Annotated[Grade, typer.Option(help="Urgent ones wait for no hour.")] = Grade.NORMAL,
    starts: Annotated[str, typer.Option(help=f"Empty is now; {When}.")] = "",
    until: Annotated[str, typer.Option(help=f"When it will probably be over; {When}.")] = "",
    ends: Annotated[
        str, typer.Option(help=f"Told no longer than that; empty is a day later; {When}.")
    ] = "",
    name: Annotated[str, typer.Option("--id", help="Empty makes one up.")] = "",
    propose: Annotated[
        bool, typer.Option("--propose", help="Propose contacts about it at once.")
    ] = False,
) -> None:
    """Write down what happened; from then on callers are told."""
    from ivr.wiring.reaching import reaching_from_environment

    reaching, now = reaching_from_environment(), datetime.now(UTC)
    zone = ZoneInfo(reaching.settings.reach.zone)
    begin = _moment(starts, now, zone) if starts else now
    expected = _moment(until, now, zone) if until else None
    incident = Incident(
        id=IncidentId(name or f"{kind}-{secrets.token_hex(4)}"),
        kind=kind,
        starts_at=begin,
        ends_at=_moment(ends, now, zone) if ends else (expected or begin) + _A_DAY,
        expected_end=expected,
        affected=Affected(
            customers=frozenset(map(CustomerId, customers or ())),
            facts=dict(_pairs(matches)),
            attributes=_begins(_pairs(attributes)),
            number_prefixes=tuple(map(_prefix, numbers or ())),
            is_everybody=everybody,
        ),
        facts=dict(_pairs(facts)),
        severity=Severity[severity.name],
        is_public=public,
        may_mention=not silent,
    )
    reaching.incidents.add(incident)
    typer.echo(f"Added: {incident.id}, told until {_shown(incident.ends_at, zone)}.")
    if propose:
        proposed = reaching.propose(incident, now)
        typer.echo(f"Proposed: {proposed.new}. Not proposed: {len(proposed.refused)}.")


@app.command("list")
def list_incidents(
    every: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
) -> None:
    """What is going on: the calls that heard of it, and those that were over with it."""
    from ivr.wiring.reaching import reaching_from_environment

    reaching, now = reaching_from_environment(), datetime.now(UTC)
    zone = ZoneInfo(reaching.settings.reach.zone)
    shown = [one for one in reaching.incidents.tallies() if every or now < one.incident.ends_at]
    for tally in shown:
        _show(tally, zone)
    if not shown:
        typer.echo("Nothing is going on.")


@app.command()
def end(name: Annotated[str, typer.Argument(metavar="ID", help="See list.")]) -> None:
    """It is over: nobody is told any more."""
    from ivr.wiring.reaching import reaching_from_environment

    reaching = reaching_from_environment()
    incident = reaching.incidents.end(IncidentId(name), datetime.now(UTC))
    typer.echo(f"Ended: {incident.id}.")


def _show(tally: Tally, zone: ZoneInfo) -> None:
    incident = tally.incident
    starts, ends = _shown(incident.starts_at, zone), _shown(incident.ends_at, zone)
    reach = "public" if incident.is_public else "personal"
    told = reach if incident.may_mention else "silent"
    typer.echo(
        f"{incident.id}  {incident.kind}  {incident.severity.name.lower()}  {told}  "
        f"{starts} to {ends}  heard in {tally.heard} calls, {tally.ended} ended with it"
    )


def _pairs(words: Sequence[str] | None) -> list[tuple[str, str]]:
    """Each `name=value`."""
    pairs = [word.partition("=") for word in words or ()]
    if any(not name or not value for name, _, value in pairs):
        raise typer.BadParameter("Write name=value.")
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _begins(pairs: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(v for n, v in pairs if n == name) for name, _ in pairs}


def _prefix(number: str) -> str:
    compact = number.replace(" ", "")
    if not (compact.startswith("+") and compact[1:].isdigit() and compact.isascii()):
        raise typer.BadParameter("Write the beginning of a number as +4989.")
    return compact


def _moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A time of today, or a day and a time; with a zone of its own or in that of the customers."""
    try:
        if len(text) <= len("18:30"):
            return datetime.combine(now.astimezone(zone).date(), time.fromisoformat(text), zone)
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise typer.BadParameter(f"That is no {When}.") from err
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
