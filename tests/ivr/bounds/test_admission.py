"""Who is let in, and who is sent to people at once."""

import logging

import pytest

from ivr.bounds.admission import Admission
from ivr.bounds.tally import Tally
from ivr.call import CallId
from ivr.errors import HouseFull
from ivr.marks import call_mark
from ivr.settings import LoadSettings


def test_one_turn_too_many_is_not_waited_for() -> None:
    tally = Tally()
    admission = Admission(LoadSettings(most_turns=1, retry_after_s=7), tally)

    with admission.turn(is_new=True):
        with pytest.raises(HouseFull) as refused, admission.turn(is_new=False):
            pytest.fail("it was let in")
        with pytest.raises(HouseFull):
            admission.admit()

    assert refused.value.retry_after_s == 7
    assert tally.counts() == {("refused", "full"): 2}
    assert admission.turns == 0
    admission.admit()


def test_streamed_turns_count_and_are_never_turned_away() -> None:
    admission = Admission(LoadSettings(most_turns=1))

    with admission.live_turn(), admission.live_turn():
        assert admission.turns == 2
        with pytest.raises(HouseFull), admission.turn(is_new=False):
            pytest.fail("it was let in")


def test_before_anybody_is_turned_away_the_quicker_way_is_taken() -> None:
    admission = Admission(LoadSettings(most_turns=2, quicker_from=1))
    assert not admission.is_pressed

    with admission.turn(is_new=True):
        assert admission.is_pressed


def test_while_the_service_ends_calls_that_go_on_are_answered_and_none_begins() -> None:
    admission = Admission()
    admission.drain()

    with admission.turn(is_new=False):
        pass
    with pytest.raises(HouseFull, match="about to end"), admission.turn(is_new=True):
        pytest.fail("it was let in")
    with pytest.raises(HouseFull, match="about to end"):
        admission.admit()


def test_a_turn_that_fails_gives_its_place_back() -> None:
    admission = Admission(LoadSettings(most_turns=1))

    with pytest.raises(ValueError, match="mine"), admission.turn(is_new=True):
        raise ValueError("mine")

    assert admission.turns == 0


def test_what_is_stuck_is_told_with_its_id(caplog: pytest.LogCaptureFixture) -> None:
    tally = Tally()

    Admission(tally=tally).note_stuck("rest", CallId("c-1"))

    assert tally.of("turn_stuck", "rest") == 1
    assert [(one.levelno, vars(one)["call"]) for one in caplog.records] == [
        (logging.ERROR, call_mark(CallId("c-1")))
    ]
