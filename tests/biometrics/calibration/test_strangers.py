"""What a table of strangers promises, and what it cannot."""

import numpy as np
import pytest

from biometrics.calibration.strangers import (
    Strangers,
    rate_at,
    smallest_fmr,
    strangers,
    threshold_at,
)

THOUSAND = np.random.default_rng(3).permutation(np.arange(1000.0))


def table(llrs: np.ndarray = THOUSAND, *, net_ms: int = 3000, pairs: int = 1000) -> Strangers:
    return strangers(llrs, net_ms=net_ms, pairs=pairs)


@pytest.mark.parametrize("llrs", [[], [np.nan, 1.0], [np.inf]])
def test_ratios_that_are_none_make_no_table(llrs: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        table(np.array(llrs))


@pytest.mark.parametrize("fmr", [0.003, 0.004, 0.01, 0.037, 0.1, 0.25, 0.49])
def test_never_more_strangers_pass_than_promised(fmr: float) -> None:
    passed = np.mean(table().threshold(fmr) <= THOUSAND)

    assert passed <= fmr
    assert passed >= 0.9 * fmr - 0.001


def test_at_the_top_the_threshold_is_exact() -> None:
    assert 996.0 < table().threshold(0.003) < 997.0


def test_a_rate_under_one_trial_lets_nobody_pass() -> None:
    assert table().threshold(0.0001) > 999.0


def test_trials_of_the_same_two_people_promise_nothing_more() -> None:
    """A thousand trials of ten pairs of people are ten independent ones: three in ten at best."""
    assert smallest_fmr([table(pairs=10)]) == 0.3
    assert table(pairs=10).rate(2000.0) == 0.3


def test_without_a_table_nothing_is_promised() -> None:
    assert smallest_fmr([]) == 1.0
    assert rate_at([], 100.0) == 1.0


def test_the_rate_at_a_threshold_is_never_less_than_what_passed() -> None:
    for threshold in (999.5, 998.0, 950.0, 700.5, 501.0):
        assert table().rate(threshold) >= np.mean(threshold <= THOUSAND)


def test_a_threshold_that_nobody_looked_at_promises_nothing() -> None:
    assert table().rate(-1.0) == 1.0


def test_the_length_that_needs_most_decides() -> None:
    harder = table(THOUSAND + 100)

    assert threshold_at([table(), harder], 0.01) == harder.threshold(0.01)
    assert rate_at([table(), harder], 990.0) == harder.rate(990.0)
