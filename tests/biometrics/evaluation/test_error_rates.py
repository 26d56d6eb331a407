"""Error rates and costs, against values worked out by hand."""

import math

import numpy as np
import pytest

from biometrics.errors import TooFewTrials
from biometrics.evaluation.error_rates import (
    act_dcf,
    cllr,
    eer,
    fnmr_at_fmr,
    min_cllr,
    min_dcf,
    operating_points,
    threshold_at_fmr,
)

TARGET = np.array([1.0, 2.0, 3.0, 4.0])
IMPOSTOR = np.array([-1.0, 0.0, 1.5, -2.0])
NOTHING = np.array([])

MEASURES = [eer, min_dcf, act_dcf, cllr, min_cllr]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("target", "impostor"), [(NOTHING, IMPOSTOR), (TARGET, NOTHING)])
def test_nothing_is_measured_without_trials_of_both_kinds(
    measure: object, target: np.ndarray, impostor: np.ndarray
) -> None:
    with pytest.raises(TooFewTrials):
        measure(target, impostor)  # type: ignore[operator]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_score_that_is_not_a_number_is_refused(measure: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        measure(np.array([1.0, math.nan]), IMPOSTOR)  # type: ignore[operator]


def test_operating_points_run_from_accepting_all_to_refusing_all() -> None:
    thresholds, fmr, fnmr = operating_points(np.array([1.0, 3.0]), np.array([1.0, 2.0]))

    assert thresholds.tolist() == [1.0, 2.0, 3.0, math.inf]
    assert fmr.tolist() == [1.0, 0.5, 0.0, 0.0]
    assert fnmr.tolist() == [0.0, 0.5, 0.5, 1.0]


def test_one_of_four_is_confused_both_ways() -> None:
    # From 1.0 up to 1.5 one impostor of four passes and one genuine of four does not.
    assert eer(TARGET, IMPOSTOR) == 0.25


def test_separate_scores_have_no_errors() -> None:
    assert eer(np.array([1.0, 2.0]), np.array([0.0])) == 0.0
    assert min_dcf(np.array([1.0, 2.0]), np.array([0.0])) == 0.0
    assert min_cllr(np.array([1.0, 2.0]), np.array([0.0])) == 0.0


def test_equal_scores_tell_nothing() -> None:
    same = np.ones(4)

    assert eer(same, same) == 0.5
    assert min_dcf(same, same) == 1.0
    assert min_cllr(same, same) == pytest.approx(1.0)


def test_the_equal_error_rate_lies_between_the_operating_points() -> None:
    # Points (fmr, fnmr): (1, 0), (0.5, 0), (0.5, 1/3), (0, 1/3): fmr = fnmr = 1/3 on the last leg.
    assert eer(np.array([1.0, 3.0, 4.0]), np.array([0.0, 2.0])) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("fmr", "accepted"), [(0.0, 0), (0.24, 0), (0.25, 1), (0.5, 2), (0.99, 3)])
def test_at_most_the_allowed_share_of_impostors_passes(fmr: float, accepted: int) -> None:
    threshold = threshold_at_fmr(IMPOSTOR, fmr)

    assert sum(score >= threshold for score in IMPOSTOR) == accepted


def test_equal_impostors_pass_together_or_not_at_all() -> None:
    assert threshold_at_fmr(np.ones(100), 0.5) > 1.0


def test_genuine_trials_are_lost_where_no_impostor_may_pass() -> None:
    assert fnmr_at_fmr(TARGET, IMPOSTOR, 0.0) == 0.25
    assert fnmr_at_fmr(TARGET, IMPOSTOR, 0.25) == 0.0


def test_the_least_detection_cost_weighs_impostors_ninety_nine_to_one() -> None:
    # Refusing everybody below 2.0 loses one genuine of four and lets no impostor pass.
    assert min_dcf(TARGET, IMPOSTOR) == pytest.approx(0.25)
    # With equal priors, letting the impostor at 1.5 pass costs the same as losing one genuine.
    assert min_dcf(TARGET, IMPOSTOR, prior=0.5) == pytest.approx(0.25)


def test_the_actual_detection_cost_is_taken_at_log_99() -> None:
    assert math.log(99) == pytest.approx(4.595, abs=1e-3)
    assert act_dcf(np.array([4.5, 4.6]), np.array([4.5])) == pytest.approx(0.5)
    assert act_dcf(np.array([4.6]), np.array([4.5, 4.6])) == pytest.approx(0.99 * 0.5 / 0.01)


def test_ratios_that_say_nothing_cost_one_bit() -> None:
    assert cllr(np.zeros(3), np.zeros(5)) == pytest.approx(1.0)


def test_the_cost_of_ratios_is_the_mean_of_both_kinds() -> None:
    # log2(1 + 1/3) for the genuine trial at ln 3, log2(1 + 1) for the impostor at 0.
    expected = (math.log2(4 / 3) + 1.0) / 2

    assert cllr(np.array([math.log(3)]), np.array([0.0])) == pytest.approx(expected)


def test_pooling_finds_the_best_ratios() -> None:
    # Rising scores: other, same, other, same. The middle two pool to one half, which is 0.
    target, impostor = np.array([1.0, 3.0]), np.array([0.0, 2.0])

    # The outer two are certain and cost nothing, the middle two cost one bit each.
    assert min_cllr(target, impostor) == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(5))
def test_calibration_can_only_lose(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target, impostor = rng.normal(1, 2, 200), rng.normal(-1, 3, 300)

    assert 0 <= min_cllr(target, impostor) <= cllr(target, impostor)
    assert 0 <= min_dcf(target, impostor) <= act_dcf(target, impostor)
