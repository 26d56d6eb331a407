import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ivr.seeing.measure import Sample
from ivr.seeing.measures import READY
from ivr.seeing.patience import Impatient

ONE = Sample(of=READY, value=1)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def test_what_hangs_is_left_out_and_not_begun_again(threads: ThreadPoolExecutor) -> None:
    released, begun = threading.Event(), []

    def hangs() -> list[Sample]:
        begun.append(1)
        assert released.wait(10)
        return [ONE]

    reading = Impatient(hangs, within_s=0.01, threads=threads)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            reading()
    released.set()

    assert begun == [1]


def test_what_is_read_in_time_is_told_every_time(threads: ThreadPoolExecutor) -> None:
    reading = Impatient(lambda: [ONE], within_s=10, threads=threads)

    assert [list(reading()) for _ in range(2)] == [[ONE], [ONE]]


def test_what_fails_is_raised(threads: ThreadPoolExecutor) -> None:
    def broken() -> list[Sample]:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        Impatient(broken, within_s=10, threads=threads)()
