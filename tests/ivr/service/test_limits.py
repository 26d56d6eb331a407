"""How much one source may ask for, on a clock of its own."""

from collections.abc import Callable

import pytest

from ivr.service.limits import Kind, Limits
from ivr.settings import LimitSettings

SETTINGS = LimitSettings(
    requests_per_s=10,
    requests_burst=3,
    calls_per_s=1,
    calls_burst=1,
    failures_burst=2,
    forgive_failure_s=60,
    at_once=50,
    sources=3,
)


class Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(SETTINGS, clock=clock)


def test_more_than_a_burst_is_refused_and_told_when_to_come_again(limits: Limits) -> None:
    waits = [limits.enter("a", [Kind.REQUEST]) for _ in range(5)]

    assert waits == [0, 0, 0, pytest.approx(0.1), pytest.approx(0.1)]


def test_what_was_refused_takes_nothing_from_the_other_kinds(limits: Limits) -> None:
    assert limits.enter("a", [Kind.REQUEST, Kind.CALL]) == 0
    for _ in range(9):
        assert limits.enter("a", [Kind.REQUEST, Kind.CALL]) == pytest.approx(1)

    assert limits.enter("a", [Kind.REQUEST]) == 0


def test_one_source_does_not_stop_another(limits: Limits) -> None:
    for _ in range(5):
        limits.enter("a", [Kind.REQUEST])

    assert limits.enter("b", [Kind.REQUEST]) == 0


def test_time_gives_back_but_never_more_than_a_burst(limits: Limits, clock: Clock) -> None:
    for _ in range(3):
        limits.enter("a", [Kind.REQUEST])
    clock.now_s += 0.1
    assert limits.enter("a", [Kind.REQUEST]) == 0
    assert limits.enter("a", [Kind.REQUEST]) > 0
    clock.now_s += 3_600

    assert [limits.enter("a", [Kind.REQUEST]) == 0 for _ in range(4)] == [True] * 3 + [False]


def test_no_more_is_open_at_once_than_may_be(clock: Clock) -> None:
    limits = Limits(LimitSettings(at_once=2), clock=clock)
    assert [limits.enter("a", [Kind.HANDSHAKE]) for _ in range(3)] == [0, 0, 1]

    limits.leave("a")

    assert limits.enter("a", [Kind.HANDSHAKE]) == 0


def test_the_memory_does_not_grow(limits: Limits, clock: Clock) -> None:
    for number in range(1_000):
        limits.enter(f"s-{number}", [Kind.REQUEST])
        limits.failed(f"s-{number}", b"%d" % number)
        limits.leave(f"s-{number}")
        for other in range(100):
            limits.succeeded(f"s-{number}", b"%d" % other)

    assert len(limits._sources) == SETTINGS.sources
    assert len(limits._open) == 0
    assert all(len(one.known) <= 8 for one in limits._sources.values())


def guesses(limits: Limits, source: str) -> Callable[[bytes], bool]:
    """Whether a wrong credential is looked at."""

    def guess(credential: bytes) -> bool:
        if limits.closed_s(source, credential):
            return False
        limits.failed(source, credential)
        return True

    return guess


def test_who_guesses_too_often_is_not_looked_at_for_long(limits: Limits, clock: Clock) -> None:
    guess = guesses(limits, "a")

    assert [guess(b"%d" % number) for number in range(4)] == [True, True, False, False]
    assert limits.closed_s("a", b"4") == pytest.approx(60)
    clock.now_s += 60
    assert [guess(b"%d" % number) for number in range(5, 7)] == [True, False]


def test_the_same_wrong_key_again_is_no_other_guess(limits: Limits) -> None:
    guess = guesses(limits, "a")

    assert [guess(b"stale") for _ in range(20)] == [True] * 20
    assert limits.closed_s("a", b"new") == 0


def test_what_was_right_before_goes_on_where_somebody_guesses(limits: Limits) -> None:
    limits.succeeded("a", b"right")
    guess = guesses(limits, "a")
    for number in range(20):
        guess(b"%d" % number)

    assert limits.closed_s("a", b"right") == 0
    assert limits.closed_s("a", b"other") > 0


def test_what_was_right_and_is_no_longer_counts_as_a_failure(limits: Limits) -> None:
    limits.succeeded("a", b"revoked")
    limits.failed("a", b"revoked")
    limits.failed("a", b"other")

    assert limits.closed_s("a", b"third") > 0
