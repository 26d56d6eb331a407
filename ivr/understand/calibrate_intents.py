"""Makes probabilities mean what they say, and finds where the business ends."""

import numpy as np
from numpy.typing import NDArray

_COLDEST, _HOTTEST, _STEPS = 0.05, 5.0, 200

_SERVED_COUNTS = 2.0
"""How much more a rightly understood caller counts than a foreign sentence kept out.

A caller who is wrongly refused must say it again; of the foreign sentences let in most are weak
and asked back.
"""


def at_temperature(probabilities: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Sharper below 1, flatter above; rows add up to 1 again.

    Args:
        probabilities: shape (sentences, labels).
        temperature: as in Guo et al. 2017, On Calibration of Modern Neural Networks.
    """
    logits = np.log(np.maximum(probabilities, 1e-12)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    calibrated: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return calibrated


def best_temperature(probabilities: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """The temperature at which held-out predictions are least surprised by the truth.

    Args:
        probabilities: of sentences the model was not trained on, shape (sentences, labels).
        truth: index of the right label, shape (sentences,).

    Returns:
        1 when there are no sentences to tell by.
    """
    if not len(truth):
        return 1.0
    rows = np.arange(len(truth))
    tried = np.geomspace(_COLDEST, _HOTTEST, _STEPS)
    surprises = [
        -np.log(np.maximum(at_temperature(probabilities, t)[rows, truth], 1e-12)).mean()
        for t in tried
    ]
    return float(tried[int(np.argmin(surprises))])


def scope_scores(
    probabilities: NDArray[np.float64], nearness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How likely each sentence is served here, 0 to 1: sqrt(best probability) x nearest cosine.

    Temperature, which sharpens, would push most sentences to one end; before it, the product tells
    better than probability, cosine, largest logit or energy alone.

    Args:
        probabilities: before calibration, shape (sentences, intents).
        nearness: cosine to the nearest training sentence of any intent, shape (sentences,).
    """
    score: NDArray[np.float64] = np.sqrt(probabilities.max(axis=1)) * np.clip(nearness, 0, 1)
    return score


def best_least_scope(
    served: NDArray[np.float64], is_right: NDArray[np.bool_], foreign: NDArray[np.float64]
) -> float:
    """The score that lets in most rightly understood sentences and fewest foreign ones.

    Without foreign sentences everything is let in.

    Args:
        served: scores of sentences of the business, shape (sentences,).
        is_right: whether the best intent was the right one, shape (sentences,).
        foreign: scores of sentences of no business here, shape (foreign sentences,).
    """
    if not len(foreign) or not len(served):
        return 0.0
    tried = np.unique(np.concatenate([served, foreign]))
    let_in = ((served[:, None] >= tried) & is_right[:, None]).mean(axis=0)
    kept_out = (foreign[:, None] < tried).mean(axis=0)
    return float(tried[int(np.argmax(_SERVED_COUNTS * let_in + kept_out))])
