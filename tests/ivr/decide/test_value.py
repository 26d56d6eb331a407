from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event
from ivr.decide.value import value_at_risk

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def caller(*events: Event, **preferences: str) -> Caller:
    return Caller(
        customer_id=CustomerId("C-1"),
        subject=SubjectId("s-1"),
        name="Klaus",
        events=events,
        preferences=preferences,
    )


def event(amount: str, days_ago: float = 1) -> Event:
    return Event(kind="invoice_higher", at=NOW - timedelta(days=days_ago), facts={"amount": amount})


@pytest.mark.parametrize(
    "amount", ["", "a lot", "EUR", "1e9", "12 34", "999999999999999999 EUR", "nan", "10 EUR 20"]
)
def test_what_is_no_amount_is_worth_nothing(amount: str) -> None:
    assert value_at_risk(caller(event(amount)), NOW) == 0


@pytest.mark.parametrize("days_ago", [31, -1])
def test_only_what_happened_lately_counts(days_ago: float) -> None:
    assert value_at_risk(caller(event("5000 EUR", days_ago)), NOW) == 0


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        ("49.90 EUR", "49.90"),
        ("1,234.50 EUR", "1234.50"),
        ("1.234,5 €", "1234.5"),
        ("-800", "800"),
        ("12000", "12000"),
    ],
)
def test_amounts_are_read_as_people_write_them(amount: str, value: str) -> None:
    assert value_at_risk(caller(event(amount)), NOW) == Decimal(value)


def test_the_largest_decides() -> None:
    known = caller(event("20 EUR"), event("700 EUR", 29), value_at_risk="450.00 EUR")

    assert value_at_risk(known, NOW) == 700
    assert value_at_risk(caller(value_at_risk="450.00 EUR"), NOW) == 450
    assert value_at_risk(caller(), NOW) == 0
