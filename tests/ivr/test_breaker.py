"""Leaving a failing system alone."""

from ivr.breaker import Breaker


def broken(failures: int = 3) -> Breaker:
    breaker = Breaker(failures=3, pause_s=30)
    for _ in range(failures):
        breaker.failed(now=100)
    return breaker


def test_after_failures_in_a_row_nothing_is_asked_for_a_while() -> None:
    breaker = broken()

    assert breaker.is_open()
    assert not breaker.may_ask(100)
    assert not breaker.may_ask(129)


def test_a_few_failures_are_borne() -> None:
    assert broken(2).may_ask(100)


def test_an_answer_in_between_begins_the_count_anew() -> None:
    breaker = broken(2)
    breaker.answered()
    breaker.failed(now=101)

    assert breaker.may_ask(101)


def test_after_the_pause_one_tries_for_all() -> None:
    breaker = broken()

    assert breaker.may_ask(130)
    assert not breaker.may_ask(131)


def test_one_that_fails_again_begins_the_pause_anew() -> None:
    breaker = broken()
    breaker.may_ask(130)
    breaker.failed(now=132)

    assert not breaker.may_ask(161)
    assert breaker.may_ask(162)


def test_one_that_is_answered_opens_the_way_for_all() -> None:
    breaker = broken()
    breaker.may_ask(130)
    breaker.answered()

    assert not breaker.is_open()
    assert breaker.may_ask(131)
