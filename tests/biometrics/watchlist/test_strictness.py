"""Long lists must not cry wolf, and what cannot be promised is said."""

from dataclasses import replace

import pytest

from biometrics import Calibration, CalibrationUnusable
from biometrics.watchlist import strictness


def test_without_strangers_there_is_no_threshold(calibration: Calibration) -> None:
    with pytest.raises(CalibrationUnusable, match="no comparisons of strangers"):
        strictness(replace(calibration, strangers=()), size=1, alarms_per_search=0.5)


def test_a_list_too_long_to_promise_anything_says_so(calibration: Calibration) -> None:
    """Three thousand pairs of people prove a rate of one in a thousand, and no smaller one."""
    found = strictness(calibration, size=11, alarms_per_search=0.01)

    assert not found.is_promised
    assert found.fmr == pytest.approx(0.001)
    assert "cannot promise the wanted rate of false alarms" in found.sentence
    assert "up to 0.011 false alarms a search" in found.sentence


def test_each_comparison_gets_its_share_of_the_alarms(calibration: Calibration) -> None:
    found = strictness(calibration, size=5, alarms_per_search=0.01)

    assert found.is_promised
    assert found.fmr == pytest.approx(0.002)
    assert found.alarms == pytest.approx(0.01)
    assert found.threshold == calibration.at_fmr(0.002).threshold


def test_longer_lists_are_searched_more_strictly(calibration: Calibration) -> None:
    thresholds = [
        strictness(calibration, size=size, alarms_per_search=0.1).threshold
        for size in (1, 2, 10, 100, 1_000)
    ]

    assert thresholds == sorted(thresholds)
    assert thresholds[0] < thresholds[2] < thresholds[3] == thresholds[4]


def test_an_empty_list_is_no_longer_than_one_voice(calibration: Calibration) -> None:
    assert strictness(calibration, size=0, alarms_per_search=0.01).is_promised
