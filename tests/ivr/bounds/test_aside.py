"""Work that nobody waits for is done one piece after the other, and not without end."""

import logging
from threading import Event

import pytest
from fakes.log_lines import logged

from ivr.bounds.aside import Aside
from ivr.bounds.tally import Tally


def test_what_comes_while_too_much_waits_is_left_undone_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    release, done, tally = Event(), [], Tally()
    aside = Aside("after_call", most=2, tally=tally)
    taken = [aside.do(lambda: release.wait(30) and done.append(1)) for _ in range(3)]
    release.set()
    aside.close()

    assert taken == [True, True, False]
    assert done == [1, 1]
    assert tally.counts() == {("left_undone", "after_call"): 1}
    assert [(one.levelno, one.message) for one in caplog.records] == [
        (logging.ERROR, "left undone")
    ]


def test_there_is_room_again_once_something_was_done() -> None:
    done, aside = Event(), Aside("after_call", most=1)
    aside.do(done.set)
    done.wait(10)
    while not aside.do(bool):
        Event().wait(0.002)
    aside.close()


def test_what_fails_harms_nothing_and_its_message_is_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = []

    def fail() -> None:
        raise ValueError("+4989123456")

    aside = Aside("after_call", most=5)
    aside.do(fail)
    aside.do(lambda: done.append(1))
    aside.close()

    assert done == [1]
    assert "work aside failed" in caplog.text
    assert all("4989" not in line for line in logged(caplog.records))
