"""A stream is let in once, for the call that was announced, and not for long."""

import pytest

from ivr.call import CallId
from ivr.gateways.tickets import Tickets
from ivr.live.wire import Incoming

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


@pytest.mark.parametrize("token", ["", "c1", "\ud800", "x" * 10_000])
def test_a_token_that_nobody_issued_opens_nothing(tickets: Tickets, token: str) -> None:
    tickets.issue(CALL)

    assert tickets.redeem(token) is None


def test_a_token_opens_once(tickets: Tickets) -> None:
    token = tickets.issue(CALL)

    assert tickets.redeem(token) == CALL
    assert tickets.redeem(token) is None


def test_a_token_of_a_call_that_is_over_opens_nothing(tickets: Tickets) -> None:
    token, other = tickets.issue(CALL), tickets.issue(Incoming(call_id=CallId("c2")))
    tickets.drop(CALL.call_id)

    assert tickets.redeem(token) is None
    assert tickets.redeem(other) is not None


@pytest.mark.parametrize(("after_s", "is_open"), [(120.0, True), (120.5, False)])
def test_a_token_opens_for_two_minutes(
    tickets: Tickets, clock: Clock, after_s: float, is_open: bool
) -> None:
    token = tickets.issue(CALL)
    clock.now += after_s

    assert (tickets.redeem(token) is not None) is is_open


def test_tokens_are_never_alike_and_the_oldest_go_first(tickets: Tickets) -> None:
    tokens = [tickets.issue(CALL) for _ in range(2_001)]

    assert len(set(tokens)) == 2_001
    assert tickets.redeem(tokens[0]) is None
    assert tickets.redeem(tokens[1]) == CALL
