"""APCER and BPCER, counted by hand."""

import math

import pytest

from biometrics import TooFewTrials
from biometrics.liveness import Rate, liveness_figures
from biometrics.liveness.rates import threshold_at_bpcer


def test_nobody_to_measure_is_refused() -> None:
    with pytest.raises(TooFewTrials):
        liveness_figures([], {"vocoder": [1.0]}, threshold=0.0)
    with pytest.raises(TooFewTrials):
        liveness_figures([0.0], {}, threshold=0.0)
    with pytest.raises(TooFewTrials):
        liveness_figures([0.0], {"vocoder": [1.0], "other": [None]}, threshold=0.0)
    with pytest.raises(TooFewTrials):
        threshold_at_bpcer([], 0.01)


def test_errors_are_counted_kind_by_kind() -> None:
    figures = liveness_figures(
        [-2.0, -1.0, 0.5, None],
        {"easy": [2.0, 3.0], "hard": [-3.0, 0.5, 0.49, None]},
        threshold=0.5,
    )

    assert figures.bpcer == Rate(errors=1, trials=3)
    assert figures.apcer == {"easy": Rate(errors=0, trials=2), "hard": Rate(errors=2, trials=3)}
    assert figures.unanswered == 2
    assert figures.as_json()["worst_apcer"] == 2 / 3


def test_scores_that_part_people_from_machines_have_no_equal_error() -> None:
    figures = liveness_figures([-2.0, -1.0], {"a": [1.0, 2.0]}, threshold=0.0)

    assert figures.eer == 0.0


def test_no_error_in_a_hundred_shows_three_per_cent_only() -> None:
    assert Rate(errors=0, trials=100).limits == (0.0, 0.03)
    assert Rate(errors=100, trials=100).limits == (0.97, 1.0)


def test_limits_are_wilsons() -> None:
    low, high = Rate(errors=5, trials=100).limits

    assert math.isclose(low, 0.0215, abs_tol=1e-4)
    assert math.isclose(high, 0.1118, abs_tol=1e-4)


def test_a_threshold_stops_no_more_people_than_allowed() -> None:
    people = [float(n) for n in range(100)]

    threshold = threshold_at_bpcer(people, 0.05)

    assert sum(score >= threshold for score in people) == 5
    assert sum(score >= threshold_at_bpcer(people, 0.0) for score in people) == 0
