from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from ivr.errors import BadIncident
from ivr.reach.incident import Affected, Incident

Incidents = Callable[..., Incident]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "earthquake"}, "one of these kinds"),
        ({"facts": {}}, "needs: area"),
        ({"affected": Affected()}, "concern somebody"),
    ],
)
def test_an_incident_that_could_not_be_told_is_refused(
    incident: Incidents, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(BadIncident, match=why):
        incident(**changes)


def test_nothing_ends_before_it_starts(incident: Incidents, now: datetime) -> None:
    with pytest.raises(BadIncident, match="end before"):
        incident(starts_at=now, ends_at=now - timedelta(seconds=1))


def test_it_is_on_from_its_start_until_its_end(incident: Incidents, now: datetime) -> None:
    outage = incident(starts_at=now, ends_at=now + timedelta(hours=1))

    assert not outage.is_on(now - timedelta(seconds=1))
    assert outage.is_on(now)
    assert not outage.is_on(now + timedelta(hours=1))


def test_facts_and_whom_it_concerns_never_print(incident: Incidents) -> None:
    affected = Affected(facts={"flight": "LH815"}, number_prefixes=("+4989",))
    shown = repr(incident(affected=affected))

    assert "Schwabing" not in shown
    assert "LH815" not in shown
    assert "+4989" not in shown
