"""Intervals come from drawing people anew, not trials."""

import math

import numpy as np
import pytest

from biometrics.evaluation.bootstrap import Resampling, _figures, intervals
from biometrics.evaluation.error_rates import act_dcf, cllr, eer, fnmr_at_fmr, min_dcf
from biometrics.evaluation.scored import Scored


def trials(persons: int, each: int, *, spread: float, seed: int = 3) -> Scored:
    """All pairs of recordings of people of whom some are hard to recognise."""
    rng = np.random.default_rng(seed)
    owners = np.repeat(np.arange(persons), each)
    ease = rng.normal(2.0, spread, persons)
    first, second = np.triu_indices(len(owners), k=1)
    is_target = owners[first] == owners[second]
    scores = rng.normal(size=len(first)) + np.where(is_target, ease[owners[first]], -2.0)
    return Scored(
        is_target=is_target,
        enrolled=owners[first],
        tested=owners[second],
        cosines=scores,
        ratios=scores * 1.5,
    )


def test_nothing_is_said_of_trials_of_one_kind() -> None:
    scored = trials(4, 3, spread=1)

    assert intervals(scored.only(scored.is_target), Resampling()) == {}
    assert intervals(scored.only(~scored.is_target), Resampling()) == {}
    assert intervals(scored, Resampling(times=0)) == {}


def test_everybody_once_gives_the_figures_themselves() -> None:
    scored = trials(12, 6, spread=1)
    target, impostor = (scored.cosines[side] for side in (scored.is_target, ~scored.is_target))
    same, other = 1.5 * target, 1.5 * impostor

    found = {name: values[0] for name, values in _figures(scored, np.ones((1, 12))).items()}

    assert found["eer"] == pytest.approx(eer(target, impostor), abs=2e-3)
    for fmr, name in ((1e-2, "fnmr_at_fmr_1e2"), (1e-3, "fnmr_at_fmr_1e3")):
        assert found[name] == pytest.approx(fnmr_at_fmr(target, impostor, fmr))
    assert found["min_dcf"] == pytest.approx(min_dcf(same, other))
    assert found["act_dcf"] == pytest.approx(act_dcf(same, other))
    assert found["cllr"] == pytest.approx(cllr(same, other))


def test_who_is_drawn_twice_counts_as_two_people() -> None:
    scored = trials(5, 4, spread=1)
    counts = np.array([[2.0, 1.0, 0.0, 1.0, 1.0]])

    found = _figures(scored, counts)["cllr"][0]

    weights = np.where(
        scored.is_target,
        counts[0][scored.enrolled],
        counts[0][scored.enrolled] * counts[0][scored.tested],
    ).astype(int)
    again = np.repeat(scored.ratios, weights)
    is_target = np.repeat(scored.is_target, weights)
    assert found == pytest.approx(cllr(again[is_target], again[~is_target]))


def test_people_who_differ_make_wide_intervals_that_trials_would_not_show() -> None:
    alike, unlike = (
        intervals(trials(20, 8, spread=spread), Resampling())["fnmr_at_fmr_1e2"]
        for spread in (0.0, 2.0)
    )

    assert alike[1] - alike[0] < (unlike[1] - unlike[0]) / 2


def test_perfect_scores_have_an_interval_of_nothing() -> None:
    scored = trials(6, 3, spread=0)
    scores = np.where(scored.is_target, 5.0, -5.0)
    perfect = Scored(
        is_target=scored.is_target,
        enrolled=scored.enrolled,
        tested=scored.tested,
        cosines=scores,
        ratios=None,
    )

    found = intervals(perfect, Resampling(times=50))

    assert found["eer"] == pytest.approx((0.0, 0.0), abs=1e-9)
    assert found["fnmr_at_fmr_1e2"] == (0.0, 0.0)
    assert "act_dcf" not in found


def test_the_same_seed_gives_the_same_interval() -> None:
    scored = trials(8, 4, spread=1)
    first, again, other = (
        intervals(scored, Resampling(times=60, seed=seed))["eer"] for seed in (1, 1, 2)
    )

    assert first == again != other


def test_most_intervals_hold_what_very_many_people_show() -> None:
    truth = trials(400, 4, spread=1, seed=99)
    expected = fnmr_at_fmr(truth.cosines[truth.is_target], truth.cosines[~truth.is_target], 1e-2)
    found = [
        intervals(trials(25, 5, spread=1, seed=seed), Resampling(times=100))["fnmr_at_fmr_1e2"]
        for seed in range(20)
    ]

    assert sum(low <= expected <= high for low, high in found) >= 14
    assert all(math.isfinite(bound) for interval in found for bound in interval)
