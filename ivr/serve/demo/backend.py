"""The demo back end's HTTP door."""

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from ivr.serve.demo import rules
from ivr.serve.demo.books import Books, Change, Page, Refused, Thing
from ivr.serve.demo.seed import seed


class Fault(StrEnum):
    """What is wrong with the back end, for those who must cope with it."""

    NONE = "none"
    DOWN = "down"
    SLOW = "slow"
    LOSES_ANSWERS = "loses_answers"
    """It does what is asked, and then fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How the back end behaves."""

    fault: Fault = Fault.NONE
    slow_s: float = 4.0
    """How long a slow one takes over every answer."""

    today: Callable[[], date] = date.today


_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Flight(_Body):
    flight: _Text
    date: _Text | None = None


class _Seat(_Body):
    seat: _Text


class _Day(_Body):
    date: _Text | None = None


class _Appointment(_Body):
    date: _Text
    time: _Text


class _Tariff(_Body):
    tariff: _Text


class _Amount(_Body):
    amount: _Text


class _Transfer(_Body):
    amount: _Text
    iban: _Text


class _Address(_Body):
    address: _Text


Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=100)]


def create_backend(file: Path, *, token: str, conduct: Callable[[], Conduct] = Conduct) -> FastAPI:
    """A back end whose books are `file`, filled if they are empty. `conduct` is asked each time."""
    books = Books(file)
    seed(books, conduct().today())
    app = FastAPI(title="Demo back end", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/health", lambda: {"status": "ok"})
    door = [Depends(_bearer(token))]
    for routes in (_airline(books), _cabin(books), _payments(books), _bank(books, conduct)):
        app.include_router(routes, dependencies=door)
    for routes in (_telecom(books, conduct), _shop(books, conduct), _customers(books)):
        app.include_router(routes, dependencies=door)
    app.add_exception_handler(Refused, _refused)
    app.middleware("http")(_faulty(conduct))
    return app


def _bearer(token: str) -> Callable[[str], None]:
    expected = f"Bearer {token}".encode()

    def check(authorization: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(authorization.encode(), expected):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})

    return check


def _refused(_: Request, refused: Exception) -> Response:
    if not isinstance(refused, Refused):
        raise refused
    content = {"code": refused.code, **refused.facts}
    return JSONResponse(content, status_code=refused.status)


def _faulty(
    conduct: Callable[[], Conduct],
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    async def through(
        request: Request, go_on: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        now = conduct()
        if now.fault is Fault.DOWN:
            return JSONResponse({"code": "down"}, status_code=503)
        if now.fault is Fault.SLOW:
            await run_in_threadpool(time.sleep, now.slow_s)
        answer = await go_on(request)
        if now.fault is Fault.LOSES_ANSWERS:
            return JSONResponse({"code": "lost"}, status_code=500)
        return answer

    return through


def _reader(books: Books) -> Callable[..., Thing]:
    def read(rule: Callable[..., Thing], *told: Any) -> Thing:  # noqa: ANN401 - as the rule takes
        with books.reading() as page:
            return rule(page, *told)

    return read


def _changer(books: Books) -> Callable[..., Thing]:
    def change(
        action: str, key: str, customer: str, rule: Callable[[Page], Thing], **asked: str
    ) -> Thing:
        wanted = Change(key=key, customer=customer, action=action, asked=asked)
        return books.change(wanted, rule)

    return change


def _airline(books: Books) -> APIRouter:
    routes, read, change = APIRouter(), _reader(books), _changer(books)

    @routes.get("/flights/{flight}")
    def status(flight: str) -> Thing:
        return read(rules.flight_status, flight)

    @routes.get("/customers/{customer}/alternatives")
    def alternatives(customer: str, date: str = "") -> Thing:
        return read(rules.alternatives, customer, date)

    @routes.post("/customers/{customer}/rebookings")
    def rebook(customer: str, body: _Flight, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.rebook(page, customer, body.flight)

        return change("rebook_flight", key, customer, rule, flight=body.flight)

    @routes.post("/customers/{customer}/cancellations")
    def cancel(customer: str, body: _Flight, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.cancel_flight(page, customer, body.flight)

        return change("cancel_flight", key, customer, rule, flight=body.flight)

    @routes.get("/customers/{customer}/refund")
    def refund(customer: str) -> Thing:
        return read(rules.refund, customer)

    return routes


def _cabin(books: Books) -> APIRouter:
    routes, read, change = APIRouter(), _reader(books), _changer(books)

    @routes.get("/customers/{customer}/seats")
    def seats(customer: str) -> Thing:
        return read(rules.seats, customer)

    @routes.post("/customers/{customer}/seats")
    def take_seat(customer: str, body: _Seat, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.take_seat(page, customer, body.seat)

        return change("seat_or_upgrade", key, customer, rule, seat=body.seat)

    return routes


def _bank(books: Books, conduct: Callable[[], Conduct]) -> APIRouter:
    routes, change = APIRouter(), _changer(books)

    @routes.post("/customers/{customer}/cards/{last4}/block")
    def block(customer: str, last4: str, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.block_card(page, customer, last4)

        return change("block_card", key, customer, rule, card=last4)

    @routes.post("/customers/{customer}/cards/{last4}/unblock")
    def unblock(customer: str, last4: str, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.unblock_card(page, customer, last4)

        return change("unblock_card", key, customer, rule, card=last4)

    @routes.post("/customers/{customer}/cards/{last4}/replacements")
    def replacement(customer: str, last4: str, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.replace_card(page, customer, last4)

        return change("replace_card", key, customer, rule, card=last4)

    @routes.post("/customers/{customer}/statements")
    def statement(customer: str, body: _Day, key: Key) -> Thing:
        on = body.date or ""

        def rule(page: Page) -> Thing:
            return rules.order_statement(page, customer, on, conduct().today())

        return change("order_statement", key, customer, rule, date=on)

    _appointments(routes, books, kind="adviser", action="appointment", path="appointments")
    return routes


def _payments(books: Books) -> APIRouter:
    routes, read, change = APIRouter(), _reader(books), _changer(books)

    @routes.get("/customers/{customer}/account")
    def account(customer: str) -> Thing:
        return read(rules.account, customer)

    @routes.post("/customers/{customer}/transfers")
    def transfer(customer: str, body: _Transfer, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.transfer(page, customer, body.amount, body.iban)

        asked = {"amount": body.amount, "iban": body.iban}
        return change("transfer_money", key, customer, rule, **asked)

    return routes


def _telecom(books: Books, conduct: Callable[[], Conduct]) -> APIRouter:
    routes, read, change = APIRouter(), _reader(books), _changer(books)

    @routes.get("/customers/{customer}/tariffs")
    def tariffs(customer: str) -> Thing:
        return read(rules.tariffs, customer)

    @routes.post("/customers/{customer}/tariff")
    def tariff(customer: str, body: _Tariff, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.change_tariff(page, customer, body.tariff, conduct().today())

        return change("change_tariff", key, customer, rule, tariff=body.tariff)

    @routes.get("/customers/{customer}/invoices/latest")
    def invoice(customer: str) -> Thing:
        return read(rules.latest_invoice, customer)

    @routes.post("/customers/{customer}/faults")
    def report(customer: str, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.report_fault(page, customer, conduct().today())

        return change("report_fault", key, customer, rule)

    @routes.get("/customers/{customer}/faults/latest")
    def fault(customer: str) -> Thing:
        return read(rules.fault_status, customer)

    _appointments(
        routes, books, kind="technician", action="technician_appointment", path="technician"
    )
    return routes


def _appointments(routes: APIRouter, books: Books, *, kind: str, action: str, path: str) -> None:
    read, change = _reader(books), _changer(books)

    @routes.get(f"/customers/{{customer}}/{path}/free")
    def free(customer: str, date: str = "") -> Thing:
        del customer
        return read(rules.free_appointments, kind, date)

    @routes.post(f"/customers/{{customer}}/{path}")
    def take(customer: str, body: _Appointment, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.take_appointment(page, kind, customer, body.date, body.time)

        return change(action, key, customer, rule, date=body.date, time=body.time)


def _shop(books: Books, conduct: Callable[[], Conduct]) -> APIRouter:
    routes, read, change = APIRouter(), _reader(books), _changer(books)

    @routes.get("/customers/{customer}/order")
    def order(customer: str, number: str = "") -> Thing:
        return read(rules.order, customer, number)

    @routes.post("/customers/{customer}/orders/{number}/return")
    def give_back(customer: str, number: str, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.return_item(page, customer, number, conduct().today())

        return change("return_item", key, customer, rule, order=number)

    @routes.get("/customers/{customer}/orders/{number}/label")
    def label(customer: str, number: str) -> Thing:
        with books.reading() as page:
            return rules.return_label(page, customer, number, conduct().today())

    @routes.post("/customers/{customer}/orders/{number}/price")
    def price(customer: str, number: str, body: _Amount, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.adjust_price(page, customer, number, body.amount, conduct().today())

        return change("price_adjustment", key, customer, rule, order=number, amount=body.amount)

    @routes.post("/customers/{customer}/orders/{number}/cancellation")
    def cancel(customer: str, number: str, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.cancel_order(page, customer, number)

        return change("cancel_order", key, customer, rule, order=number)

    return routes


def _customers(books: Books) -> APIRouter:
    routes, change = APIRouter(), _changer(books)

    @routes.put("/customers/{customer}/address")
    def address(customer: str, body: _Address, key: Key) -> Thing:
        def rule(page: Page) -> Thing:
            return rules.change_address(page, customer, body.address)

        return change("change_address", key, customer, rule, address=body.address)

    @routes.delete("/customers/{customer}/changes/{key}")
    def take_back(customer: str, key: str) -> Thing:
        books.take_back(key, customer)
        return {}

    return routes
