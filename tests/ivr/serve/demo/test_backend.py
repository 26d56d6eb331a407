"""The demo back end's own manners: its door, its books, its rules."""

import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ivr.serve.demo.backend import Conduct, Fault, create_backend
from ivr.serve.demo.books import Books

FIXTURES = Path(__file__).parents[4] / "audio_fixtures"
TOKEN = "a token of the tests"
TODAY = date(2026, 11, 25)
TOMORROW = "2026-11-26"
KLAUS, EMILY, ERNA = "/customers/C-1001", "/customers/C-1004", "/customers/C-1002"


@dataclass
class Door:
    client: TestClient
    books: Books
    number: int = 0

    def ask(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(path)
        return answer.status_code, answer.json()

    def change(
        self, path: str, body: dict[str, str] | None = None, *, key: str = "", method: str = "POST"
    ) -> tuple[int, Any]:
        self.number += 1
        headers = {"Idempotency-Key": key or f"key-{self.number:05d}"}
        answer = self.client.request(method, path, json=body, headers=headers)
        return answer.status_code, answer.json()

    def undo(self, customer: str, key: str) -> tuple[int, Any]:
        answer = self.client.delete(f"{customer}/changes/{key}")
        return answer.status_code, answer.json()


@pytest.fixture
def conduct() -> dict[str, Conduct]:
    return {"now": Conduct(today=lambda: TODAY)}


@pytest.fixture
def door(tmp_path: Path, conduct: dict[str, Conduct]) -> Iterator[Door]:
    file = tmp_path / "books.db"
    app = create_backend(file, token=TOKEN, conduct=lambda: conduct["now"])
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(app, headers=headers) as client:
        yield Door(client, Books(file))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_nobody_comes_in_without_the_token(door: Door, header: str) -> None:
    door.client.headers["Authorization"] = header

    assert door.ask(f"{KLAUS}/account")[0] == 401
    assert door.change(f"{KLAUS}/cards/4417/block")[0] == 401
    assert door.ask("/health") == (200, {"status": "ok"})
    assert door.books.done() == []


def test_a_change_without_a_key_is_refused(door: Door) -> None:
    assert door.client.post(f"{KLAUS}/cards/4417/block").status_code == 422
    assert door.books.done() == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/cards/1111/block", None, "no_such_card"),
        ("/cards/9032/block", None, "already_blocked"),
        ("/cards/4417/unblock", None, "not_blocked"),
        ("/cards/3308/replacements", None, "no_such_card"),
        ("/statements", {"date": "2026-11-26"}, "no_statement_yet"),
        ("/transfers", {"amount": "5000 EUR", "iban": "DE1"}, "above_limit"),
        ("/transfers", {"amount": "0 EUR", "iban": "DE1"}, "not_enough_money"),
        ("/transfers", {"amount": "1 EUR", "iban": "DE34100000000000410017"}, "own_account"),
        ("/transfers", {"amount": "1 GBP", "iban": "DE1"}, "no_amount"),
        ("/appointments", {"date": "2026-11-26", "time": "03:00"}, "appointment_taken"),
        ("/rebookings", {"flight": "LH459"}, "no_seats_left"),
        ("/rebookings", {"flight": "XX1"}, "no_such_flight"),
        ("/cancellations", {"flight": "LH453"}, "no_such_booking"),
        ("/seats", {"seat": "1A"}, "seat_taken"),
        ("/tariff", {"tariff": "Mobil S"}, "same_tariff"),
        ("/tariff", {"tariff": "Mobil X"}, "no_such_tariff"),
        ("/orders/1/return", None, "no_such_order"),
        ("/orders/48219054/return", None, "not_delivered"),
        ("/orders/48213377/cancellation", None, "already_shipped"),
        ("/orders/48213377/price", {"amount": "79.90 EUR"}, "not_lower"),
        ("/orders/48213377/price", {"amount": "10 EUR"}, "too_low"),
    ],
)
def test_the_business_says_no_and_changes_nothing(
    door: Door, path: str, body: dict[str, str] | None, code: str
) -> None:
    status, answer = door.change(f"{KLAUS}{path}", body)

    assert (400 <= status < 500, answer["code"]) == (True, code)
    assert door.books.done() == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/cards/4417/block", None, "already_blocked"),
        ("/cards/4417/replacements", None, "already_ordered"),
        ("/cards/9032/unblock", None, "not_blocked"),
        ("/rebookings", {"flight": "LH453"}, "nothing_to_rebook"),
        ("/cancellations", {"flight": "LH815"}, "already_cancelled"),
        ("/seats", {"seat": "12A"}, "seat_taken"),
        ("/tariff", {"tariff": "Mobil M"}, "change_under_way"),
        ("/faults", None, "already_reported"),
        ("/technician", {"date": "2026-11-26", "time": "08:00"}, "appointment_taken"),
        ("/orders/48213377/return", None, "already_returned"),
        ("/orders/48213377/price", {"amount": "70 EUR"}, "already_adjusted"),
        ("/orders/48219054/cancellation", None, "already_cancelled"),
    ],
)
def test_what_was_done_is_not_done_again(
    door: Door, path: str, body: dict[str, str] | None, code: str
) -> None:
    assert door.change(f"{KLAUS}{path}", body)[0] == 200
    assert door.change(f"{KLAUS}{path}", body)[1]["code"] == code
    assert len(door.books.done()) == 1


def test_an_order_of_long_ago_comes_too_late(door: Door) -> None:
    assert door.change(f"{ERNA}/orders/48200816/return")[1] == {"code": "too_late"}


def test_only_what_is_left_can_be_sent(door: Door) -> None:
    assert door.change(f"{EMILY}/transfers", {"amount": "900 EUR", "iban": "DE1"})[0] == 200

    assert door.ask(f"{EMILY}/account")[1]["balance"] == "64.30 EUR"
    again = door.change(f"{EMILY}/transfers", {"amount": "64.31 EUR", "iban": "DE1"})
    assert again[1] == {"code": "not_enough_money"}


def test_the_last_seat_is_given_once(door: Door) -> None:
    with ThreadPoolExecutor(4) as threads:
        path, body = f"{KLAUS}/rebookings", {"flight": "LH457"}
        answers = list(threads.map(lambda _: door.change(path, body), range(4)))

    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert door.ask("/flights/LH457")[1]["free_seats"] == 1


def test_the_same_key_is_done_once_and_answered_alike(door: Door) -> None:
    first = door.change(f"{KLAUS}/cards/4417/replacements", key="the-same")
    again = door.change(f"{KLAUS}/cards/4417/replacements", key="the-same")

    assert first == again == (200, {"card_last4": "4417", "days": "5"})
    assert door.books.done() == [{"action": "replace_card", "customer": "C-1001"}]


@pytest.mark.parametrize("path", [f"{KLAUS}/cards/9032/unblock", f"{EMILY}/cards/3308/block"])
def test_a_key_that_was_used_for_something_else_is_refused(door: Door, path: str) -> None:
    door.change(f"{KLAUS}/cards/4417/block", key="the-same")

    assert door.change(path, key="the-same") == (422, {"code": "key_used_otherwise"})


def test_what_is_taken_back_is_as_it_was(door: Door) -> None:
    before = door.ask(f"{KLAUS}/alternatives"), door.ask("/flights/LH453")
    door.change(f"{KLAUS}/rebookings", {"flight": "LH453"}, key="rebooking")

    assert door.undo(KLAUS, "rebooking") == (200, {})
    assert door.undo(KLAUS, "rebooking") == (200, {})
    assert (door.ask(f"{KLAUS}/alternatives"), door.ask("/flights/LH453")) == before
    assert door.books.done() == []


def test_what_others_did_or_what_was_changed_since_is_not_taken_back(door: Door) -> None:
    door.change(f"{KLAUS}/address", {"address": "Bergstraße 5"}, key="address-1", method="PUT")
    door.change(f"{KLAUS}/address", {"address": "Talstraße 9"}, key="address-2", method="PUT")

    assert door.undo(EMILY, "address-2") == (404, {"code": "no_such_change"})
    assert door.undo(KLAUS, "address-1") == (409, {"code": "changed_since"})
    assert door.undo(KLAUS, "nothing") == (404, {"code": "no_such_change"})
    assert len(door.books.done()) == 2


def test_a_key_that_was_taken_back_does_nothing_more(door: Door) -> None:
    door.change(f"{KLAUS}/faults", key="the-fault")
    door.undo(KLAUS, "the-fault")

    assert door.change(f"{KLAUS}/faults", key="the-fault") == (409, {"code": "taken_back"})


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("appointments", ("2026-11-26", "10:00"), ("2026-11-27", "14:30")),
        ("technician", ("2026-11-26", "08:00"), ("2026-11-26", "13:00")),
    ],
)
def test_a_new_appointment_takes_the_place_of_the_earlier_one(
    door: Door, path: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    earlier, later = ({"date": on, "time": time} for on, time in (first, second))
    free = f"{KLAUS}/{path}/free"
    assert door.change(f"{KLAUS}/{path}", earlier)[0] == 200
    assert door.change(f"{KLAUS}/{path}", later, key="moved-to-another-time")[0] == 200

    assert earlier in _times(door, free)
    assert later not in _times(door, free)

    assert door.undo(KLAUS, "moved-to-another-time")[0] == 200
    assert earlier not in _times(door, free)
    assert later in _times(door, free)


def test_an_appointment_that_cannot_be_moved_or_is_somebody_else_s_stays(door: Door) -> None:
    own, others = ({"date": TOMORROW, "time": time} for time in ("08:00", "13:00"))
    assert door.change(f"{KLAUS}/technician", own)[0] == 200
    assert door.change(f"{EMILY}/technician", others)[0] == 200

    refused = door.change(f"{KLAUS}/technician", others)

    assert refused == (409, {"code": "appointment_taken"})
    free = _times(door, f"{KLAUS}/technician/free")
    assert (own in free, others in free) == (False, False)


def _times(door: Door, path: str) -> list[dict[str, str]]:
    """What is free, by day and hour."""
    return [{"date": one["date"], "time": one["time"]} for one in door.ask(path)[1]["appointments"]]


def test_the_day_that_was_asked_for_comes_first(door: Door) -> None:
    plain = door.ask(f"{KLAUS}/alternatives")[1]["flights"]
    asked = door.ask(f"{KLAUS}/alternatives?date=2026-11-27")[1]["flights"]

    assert [one["flight"] for one in plain] == ["LH453", "LH457", "UA962"]
    assert [one["flight"] for one in asked] == ["UA962", "LH453", "LH457"]


def test_books_that_hold_something_are_not_filled_again(door: Door, tmp_path: Path) -> None:
    door.change(f"{KLAUS}/cards/4417/block")
    create_backend(tmp_path / "books.db", token=TOKEN)

    assert door.change(f"{KLAUS}/cards/4417/block")[1] == {"code": "already_blocked"}


def test_one_that_is_down_does_nothing(door: Door, conduct: dict[str, Conduct]) -> None:
    conduct["now"] = Conduct(fault=Fault.DOWN)

    assert door.change(f"{KLAUS}/cards/4417/block")[0] == 503
    assert door.books.done() == []


def test_one_that_loses_answers_has_done_it(door: Door, conduct: dict[str, Conduct]) -> None:
    conduct["now"] = Conduct(fault=Fault.LOSES_ANSWERS)

    assert door.change(f"{KLAUS}/cards/4417/block")[0] == 500
    assert door.books.done() == [{"action": "block_card", "customer": "C-1001"}]


def test_every_customer_of_the_fixtures_has_a_card_a_contract_and_an_order(door: Door) -> None:
    manifest = tomllib.loads((FIXTURES / "manifest.toml").read_text("utf-8"))
    customers = [caller["customer_id"] for caller in manifest["callers"]]
    lacking = [
        f"{customer}{path}"
        for customer in customers
        for path in ("/account", "/tariffs", "/order", "/seats")
        if door.ask(f"/customers/{customer}{path}")[0] != 200
    ]

    assert len(customers) > 3
    assert lacking == []
