"""What a caller is told first, because it is probably why they call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.call import Caller, CallerNumber, Line, Unknown
from ivr.reach.affected import concerns_customer, concerns_number
from ivr.reach.incident import Incident, IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing to tell before anything else."""

    incident: IncidentId
    lines: tuple[Line, ...]
    """What happened, and until when."""

    is_personal: bool
    """Only for the ears of this customer, whose voice was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """Who calls, as far as the call has come."""

    caller: Caller | Unknown
    number: CallerNumber
    is_proven: bool
    """The voice was accepted."""

    told: Collection[str] = ()
    """What this call has heard already."""


def known_trouble(
    calling: Calling, incidents: Iterable[Incident], now: datetime, zone: str
) -> Trouble | None:
    """What to tell this caller first; the worst, what is their own, and the latest come first.

    What is public goes by the number that is called from. Whatever needs the directory to tell
    whom it concerns is personal, for it would tell whoever holds the telephone about the customer.
    """
    found = [
        (incident, is_personal)
        for incident in incidents
        if incident.may_mention and incident.is_on(now) and incident.id not in calling.told
        if (is_personal := _personally(calling, incident)) is not None
    ]
    if not found:
        return None
    incident, is_personal = max(
        found, key=lambda one: (one[0].severity, one[1], one[0].starts_at, one[0].id)
    )
    lines = told_lines(incident, now, zone)
    return Trouble(incident=incident.id, lines=lines, is_personal=is_personal)


def told_lines(incident: Incident, now: datetime, zone: str) -> tuple[Line, ...]:
    """What happened, and, as far as it is known and not over, until when."""
    happened = Line(key=f"trouble.{incident.kind}", facts=dict(incident.facts))
    if incident.is_of_contract:
        return (happened,)
    end = incident.expected_end
    if end is None or end <= now:
        return (happened, Line(key="trouble.no_end_yet"))
    return (happened, Line(key="trouble.until", facts={"until": _told(end, now, zone)}))


def _personally(calling: Calling, incident: Incident) -> bool | None:
    """Whether it may be told for being personal or though it is not; None where it may not be."""
    if incident.is_public and concerns_number(incident, calling.number):
        return False
    if calling.is_proven and isinstance(calling.caller, Caller):
        by_number = concerns_number(incident, calling.number)
        return True if by_number or concerns_customer(incident, calling.caller) else None
    return None


def _told(moment: datetime, now: datetime, zone: str) -> str:
    """The local time; with the day where it is not today."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%dT%H:%M}"
