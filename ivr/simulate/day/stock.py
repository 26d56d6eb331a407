"""What the demo back end knows of made-up customers, so that most of what they want can be done."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from ivr.simulate.day.people import Customer

Thing = tuple[str, str, str, dict[str, Any]]
"""Kind, customer, name and content."""

_SEATS = 5_000


def stock(people: Iterable[Customer], day: date) -> Iterator[Thing]:
    """As the demo back end's own books have it."""
    yield from _flights(day)
    for one in people:
        customer, facts = one.caller.customer_id, one.facts
        flight, code = facts["flight"], f"M{facts['order_number'][-5:]}"
        booking = {"flight": flight, "booking_code": code, "status": "booked", "price": "99.00 EUR"}
        yield "booking", customer, code, booking
        refund = {"amount": facts["price"], "expected": (day + timedelta(days=5)).isoformat()}
        yield "refund", customer, flight, refund
        account = {"iban": "DE02100100100006820101", "balance": facts["price"]}
        yield "account", customer, "1", account
        card = {"last4": facts["card_last4"], "status": "active", "is_replaced": False}
        yield "card", customer, facts["card_last4"], card
        yield "contract", customer, "1", {"tariff": "Mobil S", "next": ""}
        invoice = {
            "date": (day - timedelta(days=6)).isoformat(),
            "amount": facts["price"],
            "usual_amount": "14.99 EUR",
            "reason": "roaming",
        }
        yield "invoice", customer, "1", invoice
        order = {
            "number": facts["order_number"],
            "status": "shipped",
            "date": (day + timedelta(days=1)).isoformat(),
            "price": facts["price"],
            "refunded": "",
        }
        yield "order", customer, facts["order_number"], order
        yield "address", customer, "1", {"address": ""}


def _flights(day: date) -> Iterator[Thing]:
    for place, (flight, to) in enumerate(
        (("LH453", "Los Angeles"), ("LH457", "Los Angeles"), ("LH2030", "Berlin"))
    ):
        on = (day + timedelta(days=place % 3)).isoformat()
        content = {
            "flight": flight,
            "date": on,
            "departure": f"{on}T1{place}:15",
            "status": ("on_time", "delayed", "cancelled")[place % 3],
            "destination": to,
            "free_seats": _SEATS,
        }
        yield "flight", "", flight, content
