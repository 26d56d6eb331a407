"""What several threads want at the same time is done together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from ivr.understand.in_one_go import InOneGo


class Worker:
    """Doubles numbers; its first go ends when it may, and every go is written down."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = Event(), Event()
        self.goes: list[list[int]] = []
        self._alone = Lock()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        assert self._alone.acquire(blocking=False), "two threads at the same time"
        try:
            self.goes.append([*numbers])
            self.has_begun.set()
            assert self.may_end.wait(10)
            if 13 in numbers:
                raise ValueError("an unlucky number")
            return [2 * number for number in numbers]
        finally:
            self._alone.release()


def behind_the_first(worker: Worker, numbers: Sequence[int], *, most: int = 16) -> list[object]:
    """Answers, where all but the first number came while the first was worked on."""
    together = InOneGo(worker, kind=lambda number: number % 2, most=most)

    def answer(number: int) -> object:
        try:
            return together.do(number)
        except ValueError as err:
            return str(err)

    with ThreadPoolExecutor(len(numbers)) as threads:
        first = threads.submit(answer, numbers[0])
        assert worker.has_begun.wait(10)
        others = []
        for number in numbers[1:]:
            others.append(threads.submit(answer, number))
            while together.waiting < len(others):
                pass
        worker.may_end.set()
        return [first.result(10), *(other.result(10) for other in others)]


def test_what_came_meanwhile_is_done_together_and_everybody_gets_their_own_answer() -> None:
    worker = Worker()

    assert behind_the_first(worker, [2, 4, 6, 8]) == [4, 8, 12, 16]
    assert worker.goes == [[2], [4, 6, 8]]


def test_other_kinds_wait_for_a_go_of_their_own_and_who_came_first_is_first() -> None:
    worker = Worker()

    assert behind_the_first(worker, [2, 3, 4, 5, 6]) == [4, 6, 8, 10, 12]
    assert worker.goes == [[2], [3, 5], [4, 6]]


def test_no_go_is_longer_than_it_may_be() -> None:
    worker = Worker()

    assert behind_the_first(worker, [2, 4, 6, 8, 10, 12], most=2) == [4, 8, 12, 16, 20, 24]
    assert worker.goes == [[2], [4, 6], [8, 10], [12]]


def test_what_fails_fails_for_who_was_in_it_and_for_nobody_else() -> None:
    worker = Worker()

    assert behind_the_first(worker, [2, 13, 15, 4]) == [4, *["an unlucky number"] * 2, 8]


def test_who_comes_alone_does_not_wait() -> None:
    worker = Worker()
    worker.may_end.set()
    together = InOneGo(worker, kind=lambda _: None, most=16)

    assert [together.do(1), together.do(2)] == [2, 4]
    with pytest.raises(ValueError, match="unlucky"):
        together.do(13)
    assert worker.goes == [[1], [2], [13]]
    assert together.waiting == 0
