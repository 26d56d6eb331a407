"""Ratios by regression, against ratios that are known."""

import numpy as np
import pytest

from biometrics.calibration.logistic import fit_ratio


def with_offset(scores: np.ndarray) -> np.ndarray:
    return np.stack([scores, np.ones(len(scores))], axis=1)


@pytest.mark.parametrize("impostors", [20_000, 2_000])
def test_normal_scores_give_the_ratio_of_their_densities_however_many_there_are(
    impostors: int,
) -> None:
    rng = np.random.default_rng(7)
    target, impostor = rng.normal(2, 1, 20_000), rng.normal(0, 1, impostors)

    # ln N(x; 2, 1) / N(x; 0, 1) = 2 x - 2
    assert fit_ratio(with_offset(target), with_offset(impostor)) == pytest.approx([2, -2], abs=0.15)


def test_separate_scores_give_a_finite_ratio() -> None:
    w = fit_ratio(with_offset(np.array([1.0, 2.0])), with_offset(np.array([-1.0, -2.0])))

    assert np.isfinite(w).all()
    assert w[0] > 5


def test_scores_that_tell_nothing_give_a_ratio_of_nothing() -> None:
    same = with_offset(np.array([0.0, 1.0, 2.0]))

    assert fit_ratio(same, same) == pytest.approx([0, 0], abs=1e-6)
