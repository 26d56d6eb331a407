"""Work that hangs is given up, counted, and in the end not begun any more."""

import contextvars
from threading import Event, get_ident

import pytest
from fakes.patience import until

from ivr.bounds.stage import Stage
from ivr.bounds.tally import Tally
from ivr.errors import StageHangs, TooLate

SOON_MS, LONG_MS = 30, 60_000


def test_what_is_not_done_in_time_is_given_up_and_told(caplog: pytest.LogCaptureFixture) -> None:
    tally, release = Tally(), Event()
    stage = Stage("verify", within_ms=SOON_MS, most_hanging=2, tally=tally)

    with pytest.raises(TooLate, match="verify took more than 30 ms"):
        stage.run(release.wait)

    assert stage.hanging == 1
    assert tally.counts() == {("stage_late", "verify"): 1}
    assert [(one.message, one.stage) for one in caplog.records] == [  # type: ignore[attr-defined]
        ("a stage is late", "verify")
    ]
    release.set()


def test_a_stage_that_hangs_is_not_asked_until_something_comes_back() -> None:
    tally, release, is_back = Tally(), Event(), Event()
    stage = Stage("verify", within_ms=SOON_MS, most_hanging=2, tally=tally)
    begun = [stage.begin(lambda: release.wait() and is_back.set()) for _ in range(2)]
    for one in begun:
        with pytest.raises(TooLate):
            one.result()
    asked = []

    with pytest.raises(StageHangs):
        stage.run(lambda: asked.append(True))
    release.set()
    is_back.wait(5)
    until(lambda: not stage.hanging)

    assert asked == []
    assert tally.of("stage_refused", "verify") == 1
    assert stage.run(lambda: "answered") == "answered"


def test_what_was_given_up_stays_so_even_if_it_comes() -> None:
    stage, release = Stage("verify", within_ms=SOON_MS, most_hanging=2), Event()
    begun = stage.begin(release.wait)
    with pytest.raises(TooLate):
        begun.result()
    release.set()
    until(lambda: not stage.hanging)

    with pytest.raises(TooLate):
        begun.result()


@pytest.mark.parametrize("err", [ValueError("a"), TimeoutError("its own"), TooLate("an inner one")])
def test_what_the_work_raises_is_raised_and_counts_as_an_answer(err: Exception) -> None:
    stage = Stage("verify", within_ms=LONG_MS, most_hanging=1)

    def fail() -> None:
        raise err

    with pytest.raises(type(err)) as raised:
        stage.run(fail)

    assert raised.value is err
    assert stage.hanging == 0


def test_pieces_of_work_do_not_wait_for_each_other() -> None:
    stage, release = Stage("verify", within_ms=LONG_MS, most_hanging=1), Event()
    waits = stage.begin(release.wait)

    assert stage.run(lambda: "at once") == "at once"
    release.set()
    assert waits.result() is True


def test_threads_are_used_again_and_know_the_context() -> None:
    stage = Stage("verify", within_ms=LONG_MS, most_hanging=1)
    name = contextvars.ContextVar("name", default="")
    name.set("of this call")

    first = stage.run(get_ident)
    until(lambda: stage._crew._idle)

    assert stage.run(get_ident) == first
    assert stage.run(name.get) == "of this call"
