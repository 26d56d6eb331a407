"""Weighted logistic regression, as score calibration needs it."""

import math

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 100
_CLOSE_ENOUGH = 1e-9
_RIDGE = 1e-6
"""Keeps the solution finite where the classes do not overlap."""

_Array = NDArray[np.float64]


def fit_ratio(
    target: _Array,
    impostor: _Array,
    *,
    prior: float = 0.5,
    shares: tuple[_Array, _Array] | None = None,
    ridge: float = _RIDGE,
) -> _Array:
    """Coefficients w, shape (features,), for which features @ w is a natural-log likelihood ratio.

    `target` and `impostor` have shape (trials, features). The trials of each class share its
    weight alike, or as `shares` of target and impostor say, shape (trials,) each. `prior` is the
    probability of a target that the cost is counted at: this minimises the prior-weighted Cllr,
    Bruemmer, Doddington, "Likelihood-ratio calibration using prior-weighted proper scoring rules",
    Interspeech 2013, equation 7; one half gives the Cllr of Bruemmer, du Preez, Computer Speech &
    Language 20 (2006), section 6. `ridge` holds coefficients near zero. Newton's method with
    halved steps.
    """
    same, other = shares or (np.ones(len(target)), np.ones(len(impostor)))
    features = np.concatenate([target, impostor])
    labels = np.repeat([1.0, 0.0], [len(target), len(impostor)])
    weights = np.concatenate([prior * same / same.sum(), (1 - prior) * other / other.sum()])
    rule = _Rule(features, labels, weights, offset=math.log(prior / (1 - prior)), ridge=ridge)
    w = np.zeros(features.shape[1])
    loss = rule.loss(w)
    for _ in range(_MOST_STEPS):
        step = rule.newton_step(w)
        while (new := rule.loss(w - step)) > loss:
            step = step / 2
            if np.abs(step).max() < _CLOSE_ENOUGH:
                return w
        w, gain, loss = w - step, loss - new, new
        if gain < _CLOSE_ENOUGH * _CLOSE_ENOUGH:
            break
    return w


class _Rule:
    """The cost of coefficients over one set of trials."""

    def __init__(
        self, features: _Array, labels: _Array, weights: _Array, *, offset: float, ridge: float
    ) -> None:
        self._features, self._labels, self._weights = features, labels, weights
        self._offset, self._ridge = offset, ridge

    def loss(self, w: _Array) -> float:
        signs = 1 - 2 * self._labels
        log_odds = self._features @ w + self._offset
        return float(self._weights @ np.logaddexp(0.0, signs * log_odds) + self._ridge / 2 * w @ w)

    def newton_step(self, w: _Array) -> _Array:
        probability = 0.5 * (1 + np.tanh((self._features @ w + self._offset) / 2))
        slope = self._features.T @ (self._weights * (probability - self._labels)) + self._ridge * w
        bend = self._weights * probability * (1 - probability)
        curvature = (self._features * bend[:, None]).T @ self._features
        step = np.linalg.solve(curvature + self._ridge * np.eye(len(w)), slope)
        return np.asarray(step, dtype=np.float64)
