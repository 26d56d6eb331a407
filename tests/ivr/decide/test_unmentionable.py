"""What is never brought up unasked, however it is written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ivr.call import Event
from ivr.decide.policy import Policy
from ivr.decide.unmentionable import is_unmentionable

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CANCELLED = Event(
    kind="flight_cancelled",
    at=NOW,
    facts={"flight": "LH815", "origin": "München", "destination": "Los Angeles"},
    may_mention=True,
)


@pytest.mark.parametrize(
    "kind",
    [
        *("fraud_alert", "card_fraud", "phishing_reported", "card_stolen", "suspicious_payment"),
        *("debt_collection", "dunning_letter", "payment_reminder", "invoice_overdue", "mahnung"),
        *("inkasso", "zahlungserinnerung", "complaint_open", "beschwerde_neu", "illness_reported"),
        *("sick_leave", "krankheit", "customer_deceased", "death_in_family", "todesfall"),
        *("kreditkartenbetrug", "KREDITKARTENBETRUG", "bereavement", "cancer_treatment"),
    ],
)
def test_such_a_kind_is_never_mentioned(kind: str) -> None:
    assert is_unmentionable(Event(kind=kind, at=NOW, may_mention=True))


@pytest.mark.parametrize(
    "fact",
    [
        *("refunded after a complaint", "Betrugsverdacht", "2. Mahnung", "Pfändung", "PFÄNDUNG"),
        *("wegen Krankheit storniert", "Verstorbener", "passenger is ill", "Trauerfall"),
        *("Reklamation", "Pfa\u0308ndung", "übergeben an Inkasso", "Mahngebühr 5 Euro"),
    ],
)
def test_no_fact_that_touches_it_is_mentioned(fact: str) -> None:
    assert is_unmentionable(replace(CANCELLED, facts={"reason": fact}))
    assert is_unmentionable(replace(CANCELLED, facts={fact: "x"}))


@pytest.mark.parametrize(
    "fact",
    [
        *("Illinois", "Todi", "Mannheim", "Stuttgart", "Straßburg", "Diebach", "Deadwood"),
        *("die Rechnung", "12. März", "49.90 EUR", "Anderson", "Halle (Saale)", ""),
    ],
)
def test_places_and_amounts_may_be_mentioned(fact: str) -> None:
    assert not is_unmentionable(replace(CANCELLED, facts={"destination": fact}))


def test_no_flag_and_no_policy_allows_it(policy: Policy) -> None:
    """Whoever writes such an event into the policy and flags it still hears nothing of it."""
    events = {**policy.events, "fraud_alert": policy.events["flight_cancelled"]}
    generous = replace(policy, events=events)

    assert generous.suggestion(replace(CANCELLED, kind="fraud_alert"), NOW) is None
    facts = {**CANCELLED.facts, "reason": "death in the family"}
    assert generous.suggestion(replace(CANCELLED, facts=facts), NOW) is None
    assert generous.suggestion(CANCELLED, NOW) == "rebook_flight"


def test_every_event_of_the_package_may_be_mentioned(policy: Policy) -> None:
    assert policy.events
    assert [k for k in policy.events if is_unmentionable(Event(kind=k, at=NOW))] == []
