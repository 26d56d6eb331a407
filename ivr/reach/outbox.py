"""Contacts that were proposed: the port to where none is lost, and its twin in memory."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Protocol

from ivr.call import CustomerId
from ivr.reach.incident import IncidentId
from ivr.reach.propose import WEEK, Channel, Proposal


class Status(StrEnum):
    """How far a contact has come."""

    PROPOSED = "proposed"
    """Waits for a person."""

    APPROVED = "approved"
    """Waits for its time."""

    SENDING = "sending"
    """Somebody is handing it over."""

    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    """It may have been sent: it is not tried again, and a person may look."""

    STOPPED = "stopped"
    """What allowed it is true no longer."""


WAITING = (Status.PROPOSED, Status.APPROVED)
FINISHED = (Status.SENT, Status.FAILED, Status.UNSURE, Status.STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One customer and one incident."""

    incident: IncidentId
    customer: CustomerId
    channel: Channel
    earliest: datetime
    """Aware; not handed over before."""

    status: Status
    changed_at: datetime
    """When the status became what it is; aware."""

    tries: int = 0
    why: str = ""
    """A code, where it was stopped or has failed."""

    @property
    def key(self) -> str:
        """One for each incident and customer, telling neither."""
        text = f"{self.incident}\n{self.customer}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    def uses_week(self, now: datetime) -> bool:
        """Whether the customer has had it in the last seven days, or may have, or is having it."""
        is_done = self.status in (Status.SENT, Status.UNSURE)
        return self.status is Status.SENDING or (is_done and self.changed_at > now - WEEK)


class Unclaimed(StrEnum):
    """Why a contact is not ours to make now."""

    TAKEN = "taken"
    """Another process has it, or it waits no longer."""

    ENOUGH_THIS_WEEK = "enough_this_week"


class Outbox(Protocol):
    """Keeps one contact a customer and incident. Every method raises StoreUnavailable."""

    def propose(self, proposals: Iterable[Proposal], now: datetime) -> int:
        """Keep those that are new; how many they were."""

    def approve(self, now: datetime, incident: IncidentId | None = None) -> int:
        """A person agrees to all that are proposed, or to those about one incident."""

    def due(self, now: datetime) -> tuple[Contact, ...]:
        """Approved ones whose time has come, the longest waiting first."""

    def claim(self, contact: Contact, now: datetime, most: int) -> Contact | Unclaimed:
        """Make it ours to hand over, if the customer has had fewer than `most` in seven days."""

    def settle(self, contact: Contact, status: Status, now: datetime, why: str = "") -> None:
        """Say what became of it; nothing happens where another has changed it meanwhile."""

    def postpone(self, contact: Contact, until: datetime, now: datetime) -> None:
        """Let it wait, approved, until then; nothing happens where another has changed it."""

    def stuck(self, before: datetime) -> tuple[Contact, ...]:
        """Those that somebody has been handing over since before then."""

    def stop(self, customer: CustomerId, now: datetime) -> int:
        """Call off what waits for a customer; how many they were."""

    def forget(self, before: datetime) -> int:
        """Delete those that were finished before then; how many they were."""

    def recent(self, customer: CustomerId, now: datetime) -> int:
        """Contacts that use up the customer's week."""

    def all(self, incident: IncidentId | None = None) -> tuple[Contact, ...]:
        """Every contact, or those about one incident, by incident and customer."""


class MemoryOutbox:
    """Contacts for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._contacts: dict[str, Contact] = {}
        self._lock = Lock()

    def propose(self, proposals: Iterable[Proposal], now: datetime) -> int:
        with self._lock:
            before = len(self._contacts)
            for proposal in proposals:
                contact = first_of(proposal, now)
                self._contacts.setdefault(contact.key, contact)
            return len(self._contacts) - before

    def approve(self, now: datetime, incident: IncidentId | None = None) -> int:
        with self._lock:
            proposed = [
                one
                for one in self._contacts.values()
                if one.status is Status.PROPOSED and incident in (None, one.incident)
            ]
            for one in proposed:
                self._keep(one, status=Status.APPROVED, changed_at=now)
            return len(proposed)

    def due(self, now: datetime) -> tuple[Contact, ...]:
        found = [one for one in self.all() if one.status is Status.APPROVED and one.earliest <= now]
        return tuple(sorted(found, key=lambda one: (one.earliest, one.key)))

    def claim(self, contact: Contact, now: datetime, most: int) -> Contact | Unclaimed:
        with self._lock:
            kept = self._contacts.get(contact.key)
            if kept is None or kept.status is not Status.APPROVED:
                return Unclaimed.TAKEN
            theirs = [one for one in self._contacts.values() if one.customer == contact.customer]
            if sum(one.uses_week(now) for one in theirs) >= most:
                return Unclaimed.ENOUGH_THIS_WEEK
            ours = claimed(kept, now)
            self._contacts[ours.key] = ours
            return ours

    def settle(self, contact: Contact, status: Status, now: datetime, why: str = "") -> None:
        with self._lock:
            if kept := self._unchanged(contact):
                self._keep(kept, status=status, changed_at=now, why=why)

    def postpone(self, contact: Contact, until: datetime, now: datetime) -> None:
        with self._lock:
            if kept := self._unchanged(contact):
                self._keep(kept, status=Status.APPROVED, changed_at=now, earliest=until)

    def stuck(self, before: datetime) -> tuple[Contact, ...]:
        return tuple(
            one for one in self.all() if one.status is Status.SENDING and one.changed_at < before
        )

    def stop(self, customer: CustomerId, now: datetime) -> int:
        with self._lock:
            waiting = [
                one
                for one in self._contacts.values()
                if one.customer == customer and one.status in WAITING
            ]
            for one in waiting:
                self._keep(one, status=Status.STOPPED, changed_at=now, why="stopped")
            return len(waiting)

    def forget(self, before: datetime) -> int:
        with self._lock:
            old = [
                key
                for key, one in self._contacts.items()
                if one.status in FINISHED and one.changed_at < before
            ]
            for key in old:
                del self._contacts[key]
            return len(old)

    def recent(self, customer: CustomerId, now: datetime) -> int:
        theirs = [one for one in self.all() if one.customer == customer]
        return sum(one.is_waiting or one.uses_week(now) for one in theirs)

    def all(self, incident: IncidentId | None = None) -> tuple[Contact, ...]:
        with self._lock:
            found = [one for one in self._contacts.values() if incident in (None, one.incident)]
        return tuple(sorted(found, key=lambda one: (one.incident, one.customer)))

    def _unchanged(self, contact: Contact) -> Contact | None:
        kept = self._contacts.get(contact.key)
        is_same = kept and (kept.status, kept.tries) == (contact.status, contact.tries)
        return kept if is_same else None

    def _keep(self, contact: Contact, **changes: object) -> None:
        self._contacts[contact.key] = replace(contact, **changes)  # type: ignore[arg-type]


def claimed(contact: Contact, now: datetime) -> Contact:
    """The contact as it is while somebody hands it over."""
    return replace(contact, status=Status.SENDING, changed_at=now, tries=contact.tries + 1)


def first_of(proposal: Proposal, now: datetime) -> Contact:
    """The contact that a proposal becomes."""
    return Contact(
        incident=proposal.incident,
        customer=proposal.customer,
        channel=proposal.channel,
        earliest=proposal.earliest,
        status=Status.PROPOSED,
        changed_at=now,
    )
