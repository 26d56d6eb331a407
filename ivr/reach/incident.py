"""What happened, and whom it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import NewType

from ivr.call import CustomerId
from ivr.errors import BadIncident

IncidentId = NewType("IncidentId", str)


class Severity(IntEnum):
    """How much it matters, least first."""

    MINOR = 1
    NORMAL = 2
    URGENT = 3
    """Customers are told in quiet hours too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What can happen, and what must be known to tell it."""

    names: tuple[str, ...] = ()
    """Facts that its prompt names."""

    is_of_contract: bool = False
    """It concerns what this customer ordered, and not only a service for everybody."""


KINDS: Mapping[str, Kind] = {
    "outage": Kind(names=("area",)),
    "power_cut": Kind(names=("area",)),
    "website_down": Kind(),
    "planned_work": Kind(names=("area",)),
    "flight_cancelled": Kind(names=("flight",), is_of_contract=True),
    "flight_delayed": Kind(names=("flight",), is_of_contract=True),
    "delivery_delayed": Kind(is_of_contract=True),
    "card_payments_down": Kind(),
}
"""Each has a prompt `trouble.<kind>` and a general one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Whom it concerns: everybody of whom one of these is true; empty ones are true of nobody."""

    customers: frozenset[CustomerId] = field(default=frozenset(), repr=False)

    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """One event of the customer holds all of them, such as flight: LH815, date: 2026-11-26."""

    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """What the directory knows of the customer begins so, such as postcode: 803, 804."""

    number_prefixes: tuple[str, ...] = field(default=(), repr=False)
    """The number called from begins so, such as +4989; whoever calls need not be known."""

    is_everybody: bool = False

    @property
    def is_nobody(self) -> bool:
        by_customer = self.customers or self.facts or self.attributes
        return not (by_customer or self.number_prefixes or self.is_everybody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that customers will call about."""

    id: IncidentId
    kind: str
    """One of `KINDS`."""

    starts_at: datetime
    ends_at: datetime
    """Nothing is told about it from then on. Both aware."""

    affected: Affected
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What its prompt names."""

    expected_end: datetime | None = None
    """When it will probably be over, as callers are told it; aware."""

    severity: Severity = Severity.NORMAL

    is_public: bool = False
    """May be told to people who have proven nothing."""

    may_mention: bool = True
    """False: kept for people who work on it, and told to nobody."""

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise BadIncident(f"An incident is one of these kinds: {', '.join(KINDS)}.")
        missing = sorted(set(kind.names) - set(self.facts))
        if missing:
            raise BadIncident(f"An incident of kind {self.kind} needs: {', '.join(missing)}.")
        if self.affected.is_nobody:
            raise BadIncident("An incident must concern somebody; say whom.")
        if self.ends_at < self.starts_at:
            raise BadIncident("An incident cannot end before it starts.")

    @property
    def is_of_contract(self) -> bool:
        return KINDS[self.kind].is_of_contract

    def is_on(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What an incident did to the calls."""

    incident: Incident
    heard: int
    """Calls in which it was told."""

    ended: int
    """Those that were over with it: nothing else was wanted."""
