"""A house of watchlists, and voices that are looked for in it."""

from collections.abc import Callable

import numpy as np
import pytest
from fakes.lists import PATTERN, WEIGHTS, Lists, voiceprint

from biometrics import Calibration, Coefficients, SubjectId
from biometrics.calibration.strangers import strangers
from biometrics.watchlist import Heard

PAIRS = 3_000
"""So that a rate of one in a thousand can be promised, and none under it."""


@pytest.fixture
def heard() -> Callable[..., Heard]:
    """So much of a voice in a call of somebody."""

    def of(*voice: float, subject: str | None = "s-1") -> Heard:
        return Heard(
            vector=voiceprint(*voice).vector,
            net_ms=4_000,
            subject=None if subject is None else SubjectId(subject),
        )

    return of


@pytest.fixture
def calibration() -> Calibration:
    """A ratio of 20 cosine - 10; strangers reach up to 4, evenly."""
    rule = Coefficients(score=20.0, score_log_net=0.0, log_net=0.0, offset=-10.0)
    return Calibration(
        encoder=PATTERN,
        weights_sha256=WEIGHTS,
        coefficients=rule,
        pair_coefficients=rule,
        shortest_net_ms=1500,
        longest_net_ms=8000,
        fmr=0.01,
        threshold=4.0,
        reject_below=-2.0,
        disagree_below=-3.0,
        target_trials=100,
        impostor_trials=PAIRS,
        speakers=10,
        codec="mulaw",
        data="patterns",
        strangers=(strangers(np.linspace(-10.0, 4.0, PAIRS), net_ms=1500, pairs=PAIRS),),
    )


@pytest.fixture
def house(calibration: Calibration) -> Lists:
    return Lists(calibration=calibration)
