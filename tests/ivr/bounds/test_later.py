"""What is due in a while is done then, on one thread."""

from threading import Event, get_ident

import pytest
from fakes.log_lines import logged

from ivr.bounds.later import Later


def test_more_than_may_be_kept_is_left_undone() -> None:
    later = Later("waits", most=1)

    assert later.after(60, bool)
    assert not later.after(0, bool)


def test_the_first_that_is_due_is_done_first_whenever_it_came() -> None:
    done: list[str] = []
    over, later = Event(), Later("waits", most=10)
    later.after(0.06, lambda: done.append("last") or over.set())
    later.after(0.03, lambda: done.append("first"))

    assert over.wait(10)
    assert done == ["first", "last"]


def test_one_thread_does_all_of_it_and_none_fails_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    threads: list[int] = []
    over, later = Event(), Later("waits", most=10)

    def fail() -> None:
        threads.append(get_ident())
        raise ValueError("+4989123456")

    later.after(0, fail)
    later.after(0.01, lambda: threads.append(get_ident()) or over.set())

    assert over.wait(10)
    assert threads[0] == threads[1]
    assert all("4989" not in line for line in logged(caplog.records))
