"""What stands in the demo back end's books on the first day; nobody in there is real."""

from datetime import date, timedelta

from ivr.serve.demo.books import Books, Page

EVERYBODY = ""
"""The customer of what belongs to nobody, such as a timetable."""

KLAUS, ERNA, VIKTORIA = "C-1001", "C-1002", "C-1003"
EMILY, JANA, WALTER = "C-1004", "C-1005", "C-1006"


def seed(books: Books, today: date) -> None:
    """Fill empty books; days lie around `today`. Books that hold something stay as they are."""
    if not books.is_empty():
        return
    with books.writing() as (page, _):
        _flights(page, today)
        _bank(page, today)
        _telecom(page, today)
        _shop(page, today)


def _flights(page: Page, today: date) -> None:
    timetable = [
        ("LH815", 0, "12:30", "cancelled", "Los Angeles", 0),
        ("LH453", 1, "10:15", "on_time", "Los Angeles", 4),
        ("LH457", 1, "15:40", "on_time", "Los Angeles", 2),
        ("UA962", 2, "09:05", "on_time", "Los Angeles", 9),
        ("LH459", 2, "16:20", "on_time", "Los Angeles", 0),
        ("BA902", 0, "19:30", "delayed", "Munich", 6),
        ("BA802", 0, "14:10", "on_time", "Munich", 6),
        ("LH2030", 3, "08:00", "on_time", "Berlin", 12),
    ]
    for flight, days, time, status, destination, seats in timetable:
        on = today + timedelta(days=days)
        content = {
            "flight": flight,
            "date": on.isoformat(),
            "departure": f"{on.isoformat()}T{time}",
            "status": status,
            "destination": destination,
            "free_seats": seats,
        }
        page.put("flight", EVERYBODY, flight, content)
    for customer, flight, code, price in (
        (KLAUS, "LH815", "K7P2QX", "742.00 EUR"),
        (ERNA, "LH2030", "E3M8TD", "118.40 EUR"),
        (VIKTORIA, "LH2030", "V9C4RW", "264.00 EUR"),
        (EMILY, "BA802", "M5H6LB", "189.90 EUR"),
        (JANA, "LH459", "J2T9SB", "688.00 EUR"),
        (WALTER, "LH2030", "W6R3KD", "131.20 EUR"),
    ):
        booking = {"flight": flight, "booking_code": code, "status": "booked", "price": price}
        page.put("booking", customer, code, booking)
    refund = {"amount": "214.50 EUR", "expected": (today + timedelta(days=5)).isoformat()}
    page.put("refund", EMILY, "BA902", refund)
    for seat, price in (("12A", "28.00 EUR"), ("14C", "28.00 EUR"), ("2D", "190.00 EUR")):
        page.put("seat", EVERYBODY, seat, {"seat": seat, "price": price, "is_free": True})


def _bank(page: Page, today: date) -> None:
    accounts = (
        (KLAUS, "DE34100000000000410017", "2481.17 EUR", (("4417", "active"), ("9032", "blocked"))),
        (ERNA, "DE76100000000000520035", "5310.00 EUR", (("5520", "active"),)),
        (VIKTORIA, "DE91100000000000730061", "18240.65 EUR", (("7001", "active"),)),
        (EMILY, "DE62100000000000640082", "964.30 EUR", (("3308", "active"), ("6154", "active"))),
        (JANA, "DE02100000000000750093", "1733.52 EUR", (("2646", "active"),)),
        (WALTER, "DE83100000000000660074", "603.91 EUR", (("8142", "active"),)),
    )
    for customer, iban, balance, cards in accounts:
        page.put("account", customer, "1", {"iban": iban, "balance": balance})
        for last4, status in cards:
            card = {"last4": last4, "status": status, "is_replaced": False}
            page.put("card", customer, last4, card)
    for place, (days, time) in enumerate(((1, "10:00"), (2, "14:30"), (5, "16:00"))):
        on = (today + timedelta(days=days)).isoformat()
        free = {"date": on, "time": time, "taken_by": ""}
        page.put("adviser", EVERYBODY, str(place), free)


def _telecom(page: Page, today: date) -> None:
    tariffs = (
        ("Mobil S", "14.99 EUR", 10),
        ("Mobil M", "24.99 EUR", 40),
        ("Mobil L", "39.99 EUR", 120),
    )
    for name, price, gigabytes in tariffs:
        content = {"name": name, "price": price, "gigabytes": gigabytes}
        page.put("tariff", EVERYBODY, name, content)
    contracts = (
        (KLAUS, "Mobil S"),
        (ERNA, "Mobil S"),
        (VIKTORIA, "Mobil L"),
        (EMILY, "Mobil M"),
        (JANA, "Mobil S"),
        (WALTER, "Mobil M"),
    )
    for customer, tariff in contracts:
        page.put("contract", customer, "1", {"tariff": tariff, "next": ""})
    for customer, amount, usual, reason in (
        (KLAUS, "31.48 EUR", "14.99 EUR", "roaming"),
        (EMILY, "24.99 EUR", "24.99 EUR", "nothing"),
        (VIKTORIA, "64.99 EUR", "39.99 EUR", "hardware"),
    ):
        invoice = {
            "date": (today - timedelta(days=6)).isoformat(),
            "amount": amount,
            "usual_amount": usual,
            "reason": reason,
        }
        page.put("invoice", customer, "1", invoice)
    for place, (days, time) in enumerate(((1, "08:00"), (1, "13:00"), (3, "10:00"))):
        on = (today + timedelta(days=days)).isoformat()
        page.put("technician", EVERYBODY, str(place), {"date": on, "time": time, "taken_by": ""})


def _shop(page: Page, today: date) -> None:
    for customer, number, status, days, price in (
        (KLAUS, "48213377", "delivered", -6, "79.90 EUR"),
        (KLAUS, "48219054", "packed", 2, "34.50 EUR"),
        (ERNA, "48200816", "delivered", -45, "129.00 EUR"),
        (VIKTORIA, "48217725", "shipped", 1, "310.00 EUR"),
        (EMILY, "48220193", "shipped", 1, "59.95 EUR"),
        (EMILY, "48221440", "packed", 3, "24.00 EUR"),
        (JANA, "48223350", "delivered", -3, "46.00 EUR"),
        (WALTER, "48224911", "shipped", 2, "18.90 EUR"),
    ):
        order = {
            "number": number,
            "status": status,
            "date": (today + timedelta(days=days)).isoformat(),
            "price": price,
            "refunded": "",
        }
        page.put("order", customer, number, order)
    for customer in (KLAUS, ERNA, VIKTORIA, EMILY, JANA, WALTER):
        page.put("address", customer, "1", {"address": ""})
