"""What every store of incidents does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import StoreUnavailable
from ivr.call import CustomerId
from ivr.errors import BadIncident, UnknownIncident
from ivr.reach.incident import Affected, Incident, IncidentId, Severity, Tally
from ivr.reach.incidents import Incidents, MemoryIncidents
from ivr.reach.sql_incidents import SqlIncidents

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OUTAGE = Incident(
    id=IncidentId("i-1"),
    kind="outage",
    starts_at=NOW - HOUR,
    ends_at=NOW + HOUR,
    expected_end=NOW + HOUR / 2,
    affected=Affected(
        customers=frozenset({CustomerId("C-1"), CustomerId("C-2")}),
        facts={"flight": "LH815"},
        attributes={"postcode": ("803", "804")},
        number_prefixes=("+4989",),
        is_everybody=True,
    ),
    facts={"area": "Schwabing"},
    severity=Severity.URGENT,
    is_public=True,
    may_mention=False,
)
LATER = Incident(
    id=IncidentId("i-0"),
    kind="website_down",
    starts_at=NOW,
    ends_at=NOW + 2 * HOUR,
    affected=Affected(is_everybody=True),
)


@pytest.fixture(params=["memory", *SQL])
def incidents(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Incidents]:
    if request.param == "memory":
        yield MemoryIncidents()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlIncidents(engine)


def test_at_first_nothing_is_going_on(incidents: Incidents) -> None:
    assert incidents.on(NOW) == ()
    assert incidents.tallies() == ()
    assert incidents.find(IncidentId("i-1")) is None


def test_an_id_is_given_once(incidents: Incidents) -> None:
    incidents.add(OUTAGE)

    with pytest.raises(BadIncident, match="i-1 already"):
        incidents.add(OUTAGE)


def test_an_incident_comes_back_whole(incidents: Incidents) -> None:
    incidents.add(OUTAGE)
    incidents.add(LATER)

    assert incidents.find(IncidentId("i-1")) == OUTAGE
    assert incidents.find(IncidentId("i-0")) == LATER


def test_what_is_on_is_told_by_start(incidents: Incidents) -> None:
    incidents.add(LATER)
    incidents.add(OUTAGE)

    assert incidents.on(NOW - HOUR) == (OUTAGE,)
    assert incidents.on(NOW) == (OUTAGE, LATER)
    assert incidents.on(NOW + HOUR) == (LATER,)


def test_the_end_may_come_early_and_never_later(incidents: Incidents) -> None:
    incidents.add(OUTAGE)
    incidents.add(LATER)

    assert incidents.end(IncidentId("i-1"), NOW).ends_at == NOW
    assert incidents.end(IncidentId("i-1"), NOW + HOUR).ends_at == NOW
    assert incidents.end(IncidentId("i-0"), NOW - HOUR).ends_at == NOW
    assert incidents.on(NOW) == ()
    with pytest.raises(UnknownIncident):
        incidents.end(IncidentId("i-2"), NOW)


def test_calls_are_counted(incidents: Incidents) -> None:
    incidents.add(OUTAGE)
    for _ in range(3):
        incidents.heard(IncidentId("i-1"))
    incidents.ended(IncidentId("i-1"))
    incidents.ended(IncidentId("i-2"))

    assert incidents.tallies() == (Tally(incident=OUTAGE, heard=3, ended=1),)


def test_a_store_that_is_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / "incidents.db").write_bytes(b"no database " * 1000)

    with pytest.raises(StoreUnavailable):
        SqlIncidents(f"sqlite:///{tmp_path / 'incidents.db'}").on(NOW)
