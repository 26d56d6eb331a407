"""What scores mean on one kind of line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration.strangers import Strangers

POOLED = "pooled"
"""The profile of every line together, for lines nobody calibrated."""

_CENTRE_DB = 20.0
_STEP_DB = 10.0
_CLEAREST_DB = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """llr = score * s + score_log_net * s * L + log_net * L + score_snr * s * N + snr * N + offset.

    s is the score, L the natural log of the net seconds, N as `clearness` gives it. Linear
    logistic regression with quality measures: Mandasari, Saeidi, McLaren, van Leeuwen, "Quality
    measure functions for calibration of speaker recognition systems in various duration
    conditions", IEEE TASLP 21 (2013); for noise the same authors and Saeidi, "Calibration based on
    duration quality measures function in noise robust speaker recognition", IEEE WIFS (2014).
    """

    score: float
    score_log_net: float
    log_net: float
    offset: float
    score_snr: float = 0.0
    snr: float = 0.0

    def llr(self, score: float, log_net: float, clearness: float = 0.0) -> float:
        slope = self.score + self.score_log_net * log_net + self.score_snr * clearness
        return slope * score + self.log_net * log_net + self.snr * clearness + self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What was learned about one kind of line."""

    channel: str
    """Name of a codec or of a line, or `pooled`."""

    coefficients: Coefficients
    pair_coefficients: Coefficients

    usual_snr_db: float
    """Counted where the signal-to-noise ratio of speech is not known."""

    strangers: tuple[Strangers, ...]
    """One table for each length of speech."""

    reject_below: float
    disagree_below: float
    target_trials: int
    impostor_trials: int


def rises(rule: Coefficients, log_nets: Sequence[float]) -> bool:
    """Whether a higher score always means more, at any of these lengths and in any noise."""
    return all(
        rule.llr(1.0, log_net, noise) > rule.llr(0.0, log_net, noise)
        for log_net in log_nets
        for noise in (float(clearness(0.0)), float(clearness(_CLEAREST_DB)))
    )


def clearness(snr_db: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """A signal-to-noise ratio in steps of 10 dB from 20 dB; under 0 and over 40 dB tell no more.

    What is not a number counts as 20 dB.
    """
    held = np.clip(np.nan_to_num(snr_db, nan=_CENTRE_DB), 0.0, _CLEAREST_DB)
    return np.asarray((held - _CENTRE_DB) / _STEP_DB)
