"""A stream is let in once, for the call that was announced, and not for long."""

import asyncio
from datetime import UTC, datetime

import pytest

from ivr.call import CallId, Language
from ivr.gateways.tickets import Tickets
from ivr.live.wire import Incoming
from ivr.sharing.codec import Codec
from ivr.sharing.memory_notes import MemoryNotes
from ivr.sharing.noted import NotedOnce
from ivr.sharing.notes import Kind

CALL = Incoming(call_id=CallId("c1"), caller_id="+4989123456")


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    return Tickets(clock)


def issued(tickets: Tickets, incoming: Incoming = CALL) -> str:
    return asyncio.run(tickets.issue(incoming))


def redeemed(tickets: Tickets, token: str) -> Incoming | None:
    return asyncio.run(tickets.redeem(token))


@pytest.mark.parametrize("token", ["", "c1", "\ud800", "x" * 10_000])
def test_a_token_that_nobody_issued_opens_nothing(tickets: Tickets, token: str) -> None:
    issued(tickets)

    assert redeemed(tickets, token) is None


def test_a_token_opens_once(tickets: Tickets) -> None:
    token = issued(tickets)

    assert redeemed(tickets, token) == CALL
    assert redeemed(tickets, token) is None


def test_a_token_of_a_call_that_is_over_opens_nothing(tickets: Tickets) -> None:
    token, other = issued(tickets), issued(tickets, Incoming(call_id=CallId("c2")))
    tickets.drop(CALL.call_id)

    assert redeemed(tickets, token) is None
    assert redeemed(tickets, other) is not None


@pytest.mark.parametrize(("after_s", "is_open"), [(120.0, True), (120.5, False)])
def test_a_token_opens_for_two_minutes(
    tickets: Tickets, clock: Clock, after_s: float, is_open: bool
) -> None:
    token = issued(tickets)
    clock.now += after_s

    assert (redeemed(tickets, token) is not None) is is_open


def test_a_token_opens_once_wherever_the_stream_comes(clock: Clock) -> None:
    notes, codec = MemoryNotes(), Codec([Incoming, Language])

    def worker() -> Tickets:
        now = datetime(2026, 5, 20, 12, tzinfo=UTC)
        return Tickets(clock, NotedOnce(Kind.TICKET, notes, codec, Incoming, lambda: now))

    anna, ben = worker(), worker()
    token = issued(anna)

    assert redeemed(ben, "other") is None
    assert redeemed(ben, token) == CALL
    assert redeemed(anna, token) is None


def test_tokens_are_never_alike_and_the_oldest_go_first(tickets: Tickets) -> None:
    async def many() -> list[str]:
        return [await tickets.issue(CALL) for _ in range(2_001)]

    tokens = asyncio.run(many())

    assert len(set(tokens)) == 2_001
    assert redeemed(tickets, tokens[0]) is None
    assert redeemed(tickets, tokens[1]) == CALL
