"""Weighted logistic regression, as score calibration needs it."""

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 100
_CLOSE_ENOUGH = 1e-9
_RIDGE = 1e-6
"""Keeps the solution finite where the classes do not overlap."""


def fit_ratio(target: NDArray[np.float64], impostor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients w, shape (features,), for which features @ w is a log-likelihood ratio.

    `target` and `impostor` have shape (trials, features). Both classes weigh the same, so the
    prior is one half and the log-odds are the ratio; this minimises Cllr (Bruemmer, du Preez,
    Computer Speech & Language 20, 2006, section 6). Newton's method with halved steps.
    """
    features = np.concatenate([target, impostor])
    labels = np.repeat([1.0, 0.0], [len(target), len(impostor)])
    weights = np.repeat([0.5 / len(target), 0.5 / len(impostor)], [len(target), len(impostor)])
    w = np.zeros(features.shape[1])
    loss = _loss(w, features, labels, weights)
    for _ in range(_MOST_STEPS):
        step = _newton_step(w, features, labels, weights)
        while (new := _loss(w - step, features, labels, weights)) > loss:
            step = step / 2
            if np.abs(step).max() < _CLOSE_ENOUGH:
                return w
        w, gain, loss = w - step, loss - new, new
        if gain < _CLOSE_ENOUGH * _CLOSE_ENOUGH:
            break
    return w


def _loss(
    w: NDArray[np.float64],
    features: NDArray[np.float64],
    labels: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    signs = 1 - 2 * labels
    return float(weights @ np.logaddexp(0.0, signs * (features @ w)) + _RIDGE / 2 * w @ w)


def _newton_step(
    w: NDArray[np.float64],
    features: NDArray[np.float64],
    labels: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    probability = 0.5 * (1 + np.tanh(features @ w / 2))
    slope = features.T @ (weights * (probability - labels)) + _RIDGE * w
    curvature = (features * (weights * probability * (1 - probability))[:, None]).T @ features
    step = np.linalg.solve(curvature + _RIDGE * np.eye(len(w)), slope)
    return np.asarray(step, dtype=np.float64)
