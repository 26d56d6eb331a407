"""How well scores tell the same voice from another: error rates and costs on score arrays.

`target` are scores of trials with the same person, `impostor` of trials with another; both have
shape (n,), and higher scores are more alike. A trial is accepted when its score reaches the
threshold. Every function raises TooFewTrials when one side is empty, and ValueError when a score
is not a number.
"""

import math

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import TooFewTrials

Scores = NDArray[np.float64]

TARGET_PRIOR = 0.01
"""Of NIST SRE's detection cost: one call in a hundred is from the person it claims to be from,
with both errors costing 1. NIST SRE 2018 evaluation plan, section 3.1."""


def eer(target: Scores, impostor: Scores) -> float:
    """Rate at which false matches and false non-matches are equal, 0 to 1.

    ISO/IEC 19795-1; interpolated along the straight line between the two operating points around
    the crossing.
    """
    _, fmr, fnmr = operating_points(target, impostor)
    last = int(np.argmax(fnmr >= fmr))
    if last == 0:
        return float(fmr[0])
    gap_before = fmr[last - 1] - fnmr[last - 1]
    gap_after = fmr[last] - fnmr[last]
    share = gap_before / (gap_before - gap_after)
    return float(fmr[last - 1] + share * (fmr[last] - fmr[last - 1]))


def threshold_at_fmr(impostor: Scores, fmr: float) -> float:
    """The lowest threshold at which at most `fmr` of the impostors are accepted.

    ISO/IEC 19795-1: false match rate. Just above the first impostor score that must be refused.
    """
    ordered = np.sort(_checked(impostor))[::-1]
    allowed = int(fmr * len(ordered) + 1e-9)
    if allowed >= len(ordered):
        return float(ordered[-1])
    return float(np.nextafter(ordered[allowed], math.inf))


def fnmr_at_fmr(target: Scores, impostor: Scores, fmr: float) -> float:
    """Share of genuine trials refused where at most `fmr` of impostors pass. ISO/IEC 19795-1."""
    return float(np.mean(_checked(target) < threshold_at_fmr(impostor, fmr)))


def min_dcf(target: Scores, impostor: Scores, *, prior: float = TARGET_PRIOR) -> float:
    """Least detection cost over all thresholds; 1 is what refusing everyone costs.

    NIST SRE 2018 evaluation plan, section 3.1: normalised by the best that needs no scores.
    """
    _, fmr, fnmr = operating_points(target, impostor)
    return float(np.min(_cost(fnmr, fmr, prior)))


def act_dcf(target: Scores, impostor: Scores, *, prior: float = TARGET_PRIOR) -> float:
    """Detection cost of log-likelihood ratios at Bayes' threshold log((1 - prior) / prior).

    NIST SRE 2018 evaluation plan, section 3.1. What it exceeds min_dcf by is bad calibration.
    """
    threshold = math.log((1 - prior) / prior)
    fnmr = np.mean(_checked(target) < threshold)
    fmr = np.mean(_checked(impostor) >= threshold)
    return float(_cost(fnmr, fmr, prior))


def cllr(target: Scores, impostor: Scores) -> float:
    """Cost of natural-log likelihood ratios, in bits; 1 is what knowing nothing costs.

    Bruemmer, du Preez: "Application-independent evaluation of speaker detection", Computer Speech
    & Language 20 (2006), equation 13.
    """
    return _bits(_checked(target), _checked(impostor))


def min_cllr(target: Scores, impostor: Scores) -> float:
    """Cllr after the best monotonic calibration, found by pooling adjacent violators.

    Bruemmer, du Preez (2006), section 5: what remains is bad discrimination.
    """
    values, same, total = _grouped(_checked(target), _checked(impostor))
    shares = _pooled(same, total)[np.searchsorted(values, np.concatenate([target, impostor]))]
    prior_odds = math.log(len(target) / len(impostor))
    with np.errstate(divide="ignore"):
        ratios = np.log(shares) - np.log1p(-shares) - prior_odds
    return _bits(ratios[: len(target)], ratios[len(target) :])


def operating_points(target: Scores, impostor: Scores) -> tuple[Scores, Scores, Scores]:
    """Thresholds, rising, with false match and false non-match rate at each; the last refuses all.

    Three arrays of shape (different scores + 1,).
    """
    target, impostor = np.sort(_checked(target)), np.sort(_checked(impostor))
    thresholds = np.append(np.unique(np.concatenate([target, impostor])), math.inf)
    fmr = 1 - np.searchsorted(impostor, thresholds, side="left") / len(impostor)
    fnmr = np.searchsorted(target, thresholds, side="left") / len(target)
    return thresholds, fmr, fnmr


def _cost(fnmr: Scores | np.floating, fmr: Scores | np.floating, prior: float) -> Scores:
    return np.asarray((prior * fnmr + (1 - prior) * fmr) / min(prior, 1 - prior))


def _bits(target: Scores, impostor: Scores) -> float:
    """Ratios may be infinite, as pooling makes them where it is certain and right."""
    missed = np.mean(np.logaddexp(0.0, -target))
    alarmed = np.mean(np.logaddexp(0.0, impostor))
    return float((missed + alarmed) / (2 * math.log(2)))


def _grouped(target: Scores, impostor: Scores) -> tuple[Scores, Scores, Scores]:
    """Different scores, rising, with how many genuine and how many trials have each."""
    values, places = np.unique(np.concatenate([target, impostor]), return_inverse=True)
    total = np.bincount(places).astype(np.float64)
    same = np.bincount(places[: len(target)], minlength=len(values)).astype(np.float64)
    return values, same, total


def _pooled(same: Scores, total: Scores) -> Scores:
    """Share of genuine trials at each score, made never to fall: pool adjacent violators."""
    pools: list[tuple[float, float, int]] = []
    for genuine, trials in zip(same, total, strict=True):
        pool = (float(genuine), float(trials), 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    shares = [genuine / trials for genuine, trials, _ in pools]
    return np.repeat(shares, [width for _, _, width in pools])


def _checked(scores: Scores) -> Scores:
    if not len(scores):
        raise TooFewTrials("There is no trial to measure: recordings of two voices are needed.")
    if np.isnan(scores).any():
        raise ValueError("A score is not a number.")
    return scores
