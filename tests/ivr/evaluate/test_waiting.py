"""Estimates on a made-up day, against what its callers really waited."""

from dataclasses import replace

import pytest

from ivr.evaluate.traffic import DAYS, Day, Waited, play
from ivr.evaluate.waiting import WaitingFigures, waiting_figures
from ivr.queue.estimate import Estimate
from ivr.queue.order import Ageing
from ivr.queue.queues import read_queues

MORNING = Day(calls_per_hour=(260, 300), agents=(16, 19))
TOLD = Estimate(low_s=60, likely_s=100, high_s=150, position=2)


@pytest.fixture(scope="module")
def morning() -> tuple[Waited, ...]:
    return play(MORNING, read_queues(None), Ageing(), seed=0)


def test_nobody_who_waited_long_is_no_figure() -> None:
    short = Waited(told=TOLD, knowable=TOLD, waited_s=59, has_given_up=False)
    gone = Waited(told=TOLD, knowable=TOLD, waited_s=500, has_given_up=True)

    with pytest.raises(ValueError, match="Nobody"):
        waiting_figures([short, gone])


def test_figures_are_of_those_who_waited_long_and_were_taken() -> None:
    waits = [80.0, 100.0, 200.0, 59.0]
    waited = [Waited(told=TOLD, knowable=TOLD, waited_s=one, has_given_up=False) for one in waits]
    unknown = replace(waited[0], told=None)

    assert waiting_figures([*waited, unknown]) == WaitingFigures(
        calls=4,
        unknown=1,
        median_wait_s=90.0,
        error=0.25,
        knowable_error=0.25,
        bias=0.0,
        inside=pytest.approx(2 / 3),
    )


def test_every_caller_is_served_or_gives_up_and_the_same_day_comes_twice() -> None:
    small = replace(MORNING, calls_per_hour=(40, 30), agents=(2, 2))
    first, second = (play(small, read_queues(None), Ageing(), seed=1) for _ in range(2))

    assert first == second
    assert any(one.has_given_up for one in first)
    assert all(one.waited_s > 0 for one in first)


def test_estimates_are_nearly_as_good_as_chance_lets_anybody_be(
    morning: tuple[Waited, ...],
) -> None:
    figures = waiting_figures(morning)

    assert figures.calls > 100
    assert figures.unknown == 0
    assert figures.error < 0.25
    assert figures.error < figures.knowable_error * 1.15
    assert abs(figures.bias) < 0.2
    assert figures.inside > 0.55


def test_the_days_have_as_many_people_as_they_say() -> None:
    assert {name: (min(day.agents), max(day.agents)) for name, day in DAYS.items()} == {
        "1 to 3": (1, 3),
        "3 to 10": (3, 10),
        "1 to 20": (1, 20),
    }
    assert all(len(day.agents) == len(day.calls_per_hour) for day in DAYS.values())
