"""What waits and what is being done counts; what was given up before its turn is never done."""

from concurrent.futures import CancelledError
from threading import Event

import pytest

from ivr.understand.lane import ThreadLane


def test_work_that_fails_leaves_the_lane_and_says_why() -> None:
    lane = ThreadLane(at_once=1)

    def fail() -> None:
        raise ValueError("no words")

    with pytest.raises(ValueError, match="no words"):
        lane.submit(fail).result()
    lane.submit(lambda: None).result()

    assert lane.length == 0


def test_what_is_given_up_before_its_turn_is_never_done() -> None:
    lane, may_end, done = ThreadLane(at_once=1), Event(), []
    first = lane.submit(may_end.wait)
    second = lane.submit(lambda: done.append("second"))

    assert second.cancel()
    may_end.set()
    first.result()

    with pytest.raises(CancelledError):
        second.result()
    assert done == []


def test_what_has_begun_counts_until_it_ends() -> None:
    lane, has_begun, may_end = ThreadLane(at_once=1), Event(), Event()

    def work() -> str:
        has_begun.set()
        may_end.wait()
        return "words"

    answer = lane.submit(work)
    has_begun.wait()
    waiting = lane.submit(lambda: "more")

    assert not answer.cancel()
    assert lane.length == 2
    waiting.cancel()
    assert lane.length == 1
    may_end.set()
    assert answer.result() == "words"


def test_so_many_are_done_at_once() -> None:
    lane, both = ThreadLane(at_once=2), [Event(), Event()]

    def meet(mine: int) -> bool:
        both[mine].set()
        return both[1 - mine].wait(timeout=60)

    answers = [lane.submit(lambda mine=mine: meet(mine)) for mine in (0, 1)]

    assert [answer.result() for answer in answers] == [True, True]
    assert lane.at_once == 2
