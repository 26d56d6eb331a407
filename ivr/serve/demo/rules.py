"""What the demo back end does and refuses, as its business sees it."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from ivr.serve.demo.books import Page, Refused, Thing
from ivr.serve.demo.seed import EVERYBODY

_CARD_DAYS, _STATEMENT_DAYS, _LABEL_DAYS = "5", "3", "2"
_MAY_RETURN_DAYS = 30
_LABEL_GOOD_DAYS = 14
_RETURNS_TO = "Rücksendungen, Lagerstraße 1, 12345 Musterstadt"
_MOST_OFF = Decimal("0.5")
"""A price that was lowered by more than this is looked at by people."""

_MOST_SENT = Decimal(2_000)
_MOST_OPTIONS = 3


# flights


def flight_status(page: Page, flight: str) -> Thing:
    found = page.find("flight", EVERYBODY, flight)
    if found is None:
        raise Refused("no_such_flight", status=404)
    return found


def alternatives(page: Page, customer: str, on: str) -> Thing:
    """Flights to where a cancelled one goes, those of the day that was asked for first."""
    cancelled = _booking_to_replace(page, customer)
    booked = flight_status(page, cancelled["flight"])
    free = [
        flight
        for flight in page.all("flight", EVERYBODY).values()
        if flight["destination"] == booked["destination"]
        and flight["status"] == "on_time"
        and flight["free_seats"] > 0
    ]
    free.sort(key=lambda flight: (bool(on) and flight["date"] != on, flight["departure"]))
    if not free:
        raise Refused("no_seats_left")
    return {"flights": free[:_MOST_OPTIONS]}


def rebook(page: Page, customer: str, flight: str) -> Thing:
    booking = _booking_to_replace(page, customer)
    wanted = flight_status(page, flight)
    if wanted["free_seats"] < 1 or wanted["status"] == "cancelled":
        raise Refused("no_seats_left")
    page.put("flight", EVERYBODY, flight, {**wanted, "free_seats": wanted["free_seats"] - 1})
    code = booking["booking_code"]
    page.put("booking", customer, code, {**booking, "flight": flight})
    return {"flight": flight, "departure": wanted["departure"], "booking_code": code}


def cancel_flight(page: Page, customer: str, flight: str) -> Thing:
    bookings = page.all("booking", customer).values()
    booking = next((one for one in bookings if one["flight"] == flight), None)
    if booking is None:
        raise Refused("no_such_booking", status=404)
    if booking["status"] == "cancelled":
        raise Refused("already_cancelled")
    page.put("booking", customer, booking["booking_code"], {**booking, "status": "cancelled"})
    return {"amount": booking["price"]}


def seats(page: Page, customer: str) -> Thing:
    _booking(page, customer)
    free = [seat for seat in page.all("seat", EVERYBODY).values() if seat["is_free"]]
    return {"seats": free}


def take_seat(page: Page, customer: str, seat: str) -> Thing:
    booking = _booking(page, customer)
    wanted = page.find("seat", EVERYBODY, seat)
    if wanted is None or not wanted["is_free"]:
        raise Refused("seat_taken")
    page.put("seat", EVERYBODY, seat, {**wanted, "is_free": False})
    page.put("booking", customer, booking["booking_code"], {**booking, "seat": seat})
    return {"flight": booking["flight"], "price": wanted["price"]}


def refund(page: Page, customer: str) -> Thing:
    found = list(page.all("refund", customer).values())
    if not found:
        raise Refused("no_refund", status=404)
    return found[0]


def _booking(page: Page, customer: str) -> Thing:
    for booking in page.all("booking", customer).values():
        if booking["status"] == "booked":
            return booking
    raise Refused("no_booking", status=404)


def _booking_to_replace(page: Page, customer: str) -> Thing:
    """Only whoever's flight was cancelled takes another one for nothing."""
    for booking in page.all("booking", customer).values():
        flight = page.find("flight", EVERYBODY, booking["flight"])
        if booking["status"] == "booked" and flight and flight["status"] == "cancelled":
            return booking
    raise Refused("nothing_to_rebook")


# accounts and cards


def block_card(page: Page, customer: str, last4: str) -> Thing:
    card = _card(page, customer, last4)
    if card["status"] == "blocked":
        raise Refused("already_blocked")
    page.put("card", customer, last4, {**card, "status": "blocked"})
    return {"card_last4": last4}


def unblock_card(page: Page, customer: str, last4: str) -> Thing:
    card = _card(page, customer, last4)
    if card["status"] != "blocked" or card["is_replaced"]:
        raise Refused("not_blocked")
    page.put("card", customer, last4, {**card, "status": "active"})
    return {"card_last4": last4}


def replace_card(page: Page, customer: str, last4: str) -> Thing:
    """The old one is of no use to anybody from then on."""
    card = _card(page, customer, last4)
    if card["is_replaced"]:
        raise Refused("already_ordered")
    page.put("card", customer, last4, {**card, "status": "blocked", "is_replaced": True})
    return {"card_last4": last4, "days": _CARD_DAYS}


def order_statement(page: Page, customer: str, on: str, today: date) -> Thing:
    """Of a day that lies ahead there is none."""
    account(page, customer)
    if on > today.isoformat():
        raise Refused("no_statement_yet")
    page.put("statement", customer, on or "latest", {"date": on or today.isoformat()})
    return {"days": _STATEMENT_DAYS}


def transfer(page: Page, customer: str, amount: str, iban: str) -> Thing:
    """Whoever has the money may send it, up to a limit above which people look."""
    own = account(page, customer)
    sent, had = _euros(amount), _euros(own["balance"])
    if iban == own["iban"]:
        raise Refused("own_account")
    if sent > _MOST_SENT:
        raise Refused("above_limit")
    if not 0 < sent <= had:
        raise Refused("not_enough_money")
    page.put("account", customer, "1", {**own, "balance": f"{had - sent:.2f} EUR"})
    return {"amount": f"{sent:.2f} EUR"}


def account(page: Page, customer: str) -> Thing:
    found = page.find("account", customer, "1")
    if found is None:
        raise Refused("no_account", status=404)
    return found


def _card(page: Page, customer: str, last4: str) -> Thing:
    card = page.find("card", customer, last4)
    if card is None:
        raise Refused("no_such_card", status=404)
    return card


# contracts and lines


def tariffs(page: Page, customer: str) -> Thing:
    contract = _contract(page, customer)
    offered = page.all("tariff", EVERYBODY).values()
    return {"tariffs": [one for one in offered if one["name"] != contract["tariff"]]}


def change_tariff(page: Page, customer: str, tariff: str, today: date) -> Thing:
    """From the first day of the next month."""
    contract = _contract(page, customer)
    wanted = page.find("tariff", EVERYBODY, tariff)
    if wanted is None:
        raise Refused("no_such_tariff", status=404)
    if contract["tariff"] == tariff:
        raise Refused("same_tariff")
    if contract["next"]:
        raise Refused("change_under_way")
    starts = (today.replace(day=1) + timedelta(days=32)).replace(day=1).isoformat()
    page.put("contract", customer, "1", {**contract, "next": tariff})
    return {"name": tariff, "price": wanted["price"], "starts": starts}


def latest_invoice(page: Page, customer: str) -> Thing:
    found = page.find("invoice", customer, "1")
    if found is None:
        raise Refused("no_invoice", status=404)
    return found


def report_fault(page: Page, customer: str, today: date) -> Thing:
    """One at a time: whoever reports it again hears how far it is."""
    _contract(page, customer)
    faults = page.all("fault", customer)
    for fault in faults.values():
        if fault["status"] != "repaired":
            raise Refused("already_reported", ticket=fault["ticket"], expected=fault["expected"])
    ticket = f"{customer.removeprefix('C-')}{len(faults) + 1:02d}"
    expected = f"{(today + timedelta(days=1)).isoformat()}T18:00"
    fault = {"ticket": ticket, "status": "reported", "expected": expected}
    page.put("fault", customer, ticket, fault)
    return fault


def fault_status(page: Page, customer: str) -> Thing:
    faults = list(page.all("fault", customer).values())
    if not faults:
        raise Refused("no_fault", status=404)
    return faults[-1]


def _contract(page: Page, customer: str) -> Thing:
    contract = page.find("contract", customer, "1")
    if contract is None:
        raise Refused("no_contract", status=404)
    return contract


# appointments, of advisers and of technicians


def free_appointments(page: Page, kind: str, on: str) -> Thing:
    """Those of the day that was asked for first."""
    free = [one for one in page.all(kind, EVERYBODY).values() if _is_free(one)]
    free.sort(key=lambda one: (bool(on) and one["date"] != on, one["date"], one["time"]))
    return {"appointments": free[:_MOST_OPTIONS]}


def take_appointment(page: Page, kind: str, customer: str, on: str, time: str) -> Thing:
    """In the place of an earlier one, so that whoever moves an appointment has one."""
    diary = page.all(kind, EVERYBODY)
    wanted = next((n for n, one in diary.items() if _is_free(one) and _is_at(one, on, time)), None)
    if wanted is None:
        raise Refused("appointment_taken")
    for name, one in diary.items():
        if one["taken_by"] == customer:
            page.put(kind, EVERYBODY, name, {**one, "taken_by": ""})
    page.put(kind, EVERYBODY, wanted, {**diary[wanted], "taken_by": customer})
    return {"date": on, "time": time}


def _is_free(one: Thing) -> bool:
    return not one["taken_by"]


def _is_at(one: Thing, on: str, time: str) -> bool:
    return bool((one["date"], one["time"]) == (on, time))


# orders


def order(page: Page, customer: str, number: str) -> Thing:
    """The one of this number, or the newest."""
    if number:
        return _order(page, customer, number)
    orders = list(page.all("order", customer).values())
    if not orders:
        raise Refused("no_order", status=404)
    return orders[-1]


def return_item(page: Page, customer: str, number: str, today: date) -> Thing:
    found = _order(page, customer, number)
    if found["status"] == "returned":
        raise Refused("already_returned")
    if found["status"] != "delivered":
        raise Refused("not_delivered")
    _refuse_late(found, today)
    page.put("order", customer, number, {**found, "status": "returned"})
    return {"amount": found["price"], "days": _LABEL_DAYS}


def return_label(page: Page, customer: str, number: str, today: date) -> Thing:
    """What stands on the label of a parcel that comes back."""
    if _order(page, customer, number)["status"] != "returned":
        raise Refused("not_returned")
    until = today + timedelta(days=_LABEL_GOOD_DAYS)
    return {
        "number": number,
        "label": f"R{number}",
        "address": _RETURNS_TO,
        "until": until.isoformat(),
    }


def adjust_price(page: Page, customer: str, number: str, amount: str, today: date) -> Thing:
    found = _order(page, customer, number)
    if found["refunded"]:
        raise Refused("already_adjusted")
    _refuse_late(found, today)
    paid, seen = _euros(found["price"]), _euros(amount)
    if seen >= paid:
        raise Refused("not_lower")
    if seen < paid * _MOST_OFF:
        raise Refused("too_low")
    back = f"{paid - seen:.2f} EUR"
    page.put("order", customer, number, {**found, "refunded": back})
    return {"refund": back}


def cancel_order(page: Page, customer: str, number: str) -> Thing:
    found = _order(page, customer, number)
    if found["status"] == "cancelled":
        raise Refused("already_cancelled")
    if found["status"] != "packed":
        raise Refused("already_shipped")
    page.put("order", customer, number, {**found, "status": "cancelled"})
    return {"amount": found["price"]}


def _order(page: Page, customer: str, number: str) -> Thing:
    found = page.find("order", customer, number)
    if found is None:
        raise Refused("no_such_order", status=404)
    return found


def _refuse_late(found: Thing, today: date) -> None:
    if (today - date.fromisoformat(found["date"])).days > _MAY_RETURN_DAYS:
        raise Refused("too_late")


def _euros(text: str) -> Decimal:
    try:
        return Decimal(text.removesuffix("EUR").strip())
    except InvalidOperation as err:
        raise Refused("no_amount", status=422) from err


# where customers live


def change_address(page: Page, customer: str, address: str) -> Thing:
    known = page.find("address", customer, "1") or {"address": ""}
    if known["address"].casefold() == address.casefold():
        raise Refused("same_address")
    page.put("address", customer, "1", {"address": address})
    return {"address": address}
