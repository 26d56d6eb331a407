"""The port to what is going on, and its twin in memory."""

from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Protocol

from ivr.errors import BadIncident, UnknownIncident
from ivr.reach.incident import Incident, IncidentId, Tally


class Incidents(Protocol):
    """Keeps incidents and counts their calls. Every method raises StoreUnavailable."""

    def add(self, incident: Incident) -> None:
        """Keep a new one.

        Raises:
            BadIncident: there is one of this id.
        """

    def end(self, incident: IncidentId, now: datetime) -> Incident:
        """It is over, and nothing is told about it any more.

        Raises:
            UnknownIncident: there is none of this id.
        """

    def find(self, incident: IncidentId) -> Incident | None: ...

    def on(self, now: datetime) -> tuple[Incident, ...]:
        """Those that are going on, by start."""

    def heard(self, incident: IncidentId) -> None:
        """One more call was told."""

    def ended(self, incident: IncidentId) -> None:
        """One more call was over with it."""

    def tallies(self) -> tuple[Tally, ...]:
        """Every incident, by start."""


class MemoryIncidents:
    """Incidents for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._tallies: dict[IncidentId, Tally] = {}
        self._lock = Lock()

    def add(self, incident: Incident) -> None:
        with self._lock:
            if incident.id in self._tallies:
                raise BadIncident(already_there(incident))
            self._tallies[incident.id] = Tally(incident=incident, heard=0, ended=0)

    def end(self, incident: IncidentId, now: datetime) -> Incident:
        with self._lock:
            tally = self._tallies.get(incident)
            if tally is None:
                raise UnknownIncident(NONE_OF_THIS_ID)
            over = over_at(tally.incident, now)
            self._tallies[incident] = replace(tally, incident=over)
            return over

    def find(self, incident: IncidentId) -> Incident | None:
        tally = self._tallies.get(incident)
        return tally.incident if tally else None

    def on(self, now: datetime) -> tuple[Incident, ...]:
        return tuple(one.incident for one in self.tallies() if one.incident.is_on(now))

    def heard(self, incident: IncidentId) -> None:
        self._count(incident, heard=1, ended=0)

    def ended(self, incident: IncidentId) -> None:
        self._count(incident, heard=0, ended=1)

    def tallies(self) -> tuple[Tally, ...]:
        with self._lock:
            found = tuple(self._tallies.values())
        return tuple(sorted(found, key=lambda one: (one.incident.starts_at, one.incident.id)))

    def _count(self, incident: IncidentId, *, heard: int, ended: int) -> None:
        with self._lock:
            if tally := self._tallies.get(incident):
                counted = replace(tally, heard=tally.heard + heard, ended=tally.ended + ended)
                self._tallies[incident] = counted


NONE_OF_THIS_ID = "There is no incident of this id; ivr incidents list shows them."


def already_there(incident: Incident) -> str:
    return f"There is an incident {incident.id} already; give another id."


def over_at(incident: Incident, now: datetime) -> Incident:
    """Ended now; one that had not begun never is, one that was over stays so."""
    return replace(incident, ends_at=min(incident.ends_at, max(now, incident.starts_at)))
