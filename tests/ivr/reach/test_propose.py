from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ivr.call import Caller, CustomerId
from ivr.reach.agreements import Agreed, Stopped
from ivr.reach.incident import Incident, IncidentId, Severity
from ivr.reach.propose import Channel, Proposal, Refusal, Refused, Standing, propose
from ivr.settings import ReachSettings

Incidents = Callable[..., Incident]

C_1 = CustomerId("C-1")
LONG_AGO = datetime.fromisoformat("2025-01-01T12:00+00:00")
AGREED = Standing(
    wish=Agreed(customer=C_1, text="contact-1", at=LONG_AGO), is_told=False, contacts=0
)
NO_WORD = replace(AGREED, wish=None)
STOPPED = replace(AGREED, wish=Stopped(customer=C_1, at=LONG_AGO))
DEFAULT = ReachSettings()
NOTICE = ReachSettings(contract_notice=True)
CANCELLED = {"kind": "flight_cancelled", "facts": {"flight": "LH815"}}


def refused(reason: Refusal) -> Refused:
    return Refused(customer=C_1, reason=reason)


def test_without_a_consent_nobody_is_contacted(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    no = refused(Refusal.NO_CONSENT)

    assert propose(incident(), klaus, NO_WORD, DEFAULT, now) == no
    assert propose(incident(**CANCELLED), klaus, NO_WORD, DEFAULT, now) == no
    assert propose(incident(), klaus, NO_WORD, NOTICE, now) == no


def test_ones_own_contract_may_be_told_without_where_the_operator_says_so(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    assert isinstance(propose(incident(**CANCELLED), klaus, NO_WORD, NOTICE, now), Proposal)


@pytest.mark.parametrize("settings", [DEFAULT, NOTICE])
def test_whoever_wants_to_be_left_alone_is(
    incident: Incidents, klaus: Caller, now: datetime, settings: ReachSettings
) -> None:
    found = propose(incident(**CANCELLED), klaus, STOPPED, settings, now)

    assert found == refused(Refusal.STOPPED)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (replace(AGREED, is_told=True), Refusal.ALREADY_TOLD),
        (replace(AGREED, contacts=2), Refusal.ENOUGH_THIS_WEEK),
    ],
)
def test_nobody_is_told_twice_or_too_often(
    incident: Incidents, klaus: Caller, now: datetime, standing: Standing, reason: Refusal
) -> None:
    assert propose(incident(), klaus, standing, DEFAULT, now) == refused(reason)


@pytest.mark.parametrize(
    ("preferences", "reason"),
    [
        ({"channel": "none"}, Refusal.NO_CHANNEL),
        ({"channel": "pigeon"}, Refusal.NO_CHANNEL),
        ({}, Refusal.NO_CHANNEL),
        ({"channel": "email"}, Refusal.NO_ADDRESS),
        ({"channel": "email", "email": "klaus@example.org, erna@example.org"}, Refusal.NO_ADDRESS),
    ],
)
def test_a_channel_is_the_customers_choice(
    incident: Incidents,
    klaus: Caller,
    now: datetime,
    preferences: dict[str, str],
    reason: Refusal,
) -> None:
    unreachable = replace(klaus, preferences=preferences)

    assert propose(incident(), unreachable, AGREED, DEFAULT, now) == refused(reason)


@pytest.mark.parametrize("channel", Channel)
def test_an_agreement_and_a_channel_make_a_proposal(
    incident: Incidents, klaus: Caller, now: datetime, channel: Channel
) -> None:
    preferences = {"channel": channel.value.upper(), "email": "klaus@example.org"}

    found = propose(incident(), replace(klaus, preferences=preferences), AGREED, DEFAULT, now)

    assert found == Proposal(
        incident=IncidentId("i-1"), customer=C_1, channel=channel, earliest=now
    )


def test_a_default_channel_is_for_those_who_named_none(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    settings = ReachSettings(default_channel="webhook")
    silent, unwilling = (replace(klaus, preferences=p) for p in ({}, {"channel": "none"}))

    found = propose(incident(), silent, AGREED, settings, now)

    assert isinstance(found, Proposal)
    assert found.channel is Channel.WEBHOOK
    assert propose(incident(), unwilling, AGREED, settings, now) == refused(Refusal.NO_CHANNEL)


def test_quiet_hours_are_waited_for_unless_it_is_urgent(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    evening = now + timedelta(hours=9)
    normal = propose(incident(), klaus, AGREED, DEFAULT, evening)
    urgent = propose(incident(severity=Severity.URGENT), klaus, AGREED, DEFAULT, evening)

    assert isinstance(normal, Proposal)
    assert isinstance(urgent, Proposal)
    assert normal.earliest == datetime.fromisoformat("2026-11-26T08:00+01:00")
    assert urgent.earliest == evening


def test_what_will_be_over_before_the_quiet_is_not_told(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    evening = now + timedelta(hours=9)
    brief = incident(ends_at=evening + timedelta(hours=1))

    assert propose(brief, klaus, AGREED, DEFAULT, evening) == refused(Refusal.OVER)


def test_what_is_kept_for_people_who_work_on_it_is_told_to_nobody(
    incident: Incidents, klaus: Caller, now: datetime
) -> None:
    hidden = incident(may_mention=False)

    assert propose(hidden, klaus, AGREED, DEFAULT, now) == refused(Refusal.NOT_TO_BE_TOLD)
