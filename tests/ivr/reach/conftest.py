"""Incidents and customers of these tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language
from ivr.reach.incident import Affected, Incident, IncidentId

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""A Wednesday, 13:00 in Berlin."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def incident() -> Callable[..., Incident]:
    """An outage for everybody, with changes."""

    def make(**changes: object) -> Incident:
        outage = Incident(
            id=IncidentId("i-1"),
            kind="outage",
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(days=2),
            affected=Affected(is_everybody=True),
            facts={"area": "Schwabing"},
        )
        return replace(outage, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def klaus() -> Caller:
    return Caller(
        customer_id=CustomerId("C-1"),
        subject=SubjectId("s-1"),
        name="Klaus",
        language=Language.GERMAN,
        events=(Event(kind="flight_booked", at=NOW, facts={"flight": "LH815", "date": "today"}),),
        preferences={"channel": "sms", "postcode": "80331"},
    )
