import math

import pytest

from ivr.journal.chance import at_least, discoveries


@pytest.mark.parametrize(
    ("count", "mean", "variance", "expected"),
    [
        (0, 3.0, 3.0, 1.0),
        (1, 3.0, 3.0, 1 - math.exp(-3)),
        (15, 5.0, 5.0, 2.2625e-4),
        (3, 5.0, 5.0, 1 - math.exp(-5) * (1 + 5 + 12.5)),
        # With variance twice the mean and mean 1 every count is geometric with 1/2.
        (1, 1.0, 2.0, 0.5),
        (10, 1.0, 2.0, 2**-10),
        (60, 1.0, 2.0, 2**-60),
    ],
)
def test_tails_are_those_of_the_textbook(
    count: int, mean: float, variance: float, expected: float
) -> None:
    assert at_least(count, mean=mean, variance=variance) == pytest.approx(expected, rel=1e-4)


def test_far_below_the_mean_nearly_everything_is_more() -> None:
    assert at_least(5, mean=10_000.0, variance=20_000.0) == 1.0
    assert at_least(10_000, mean=10_000.0, variance=20_000.0) == pytest.approx(0.5, abs=0.01)


def test_more_spread_makes_more_of_the_same_count_likely() -> None:
    chances = [at_least(20, mean=8.0, variance=variance) for variance in (8.0, 12.0, 30.0)]

    assert chances == sorted(chances)


def test_without_a_small_chance_nothing_is_believed() -> None:
    assert discoveries([], false_share=0.05) == []
    assert discoveries([0.9, 0.2, 0.051], false_share=0.05) == [False, False, False]


def test_a_chance_is_judged_by_how_many_are_smaller() -> None:
    chances = [0.01, 0.5, 0.04, 0.02, 0.06]

    assert discoveries(chances, false_share=0.05) == [True, False, False, True, False]
    assert discoveries([0.04, 0.05], false_share=0.05) == [True, True]
