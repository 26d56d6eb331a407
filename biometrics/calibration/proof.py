"""What a calibration promises on people, and on folders, that it was not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.calibration.comparisons import Comparisons, Floats
from biometrics.calibration.fitting import Span, best_rule, by_people, fitted, held_out, llrs
from biometrics.evaluation.error_rates import act_dcf, cllr, min_cllr, min_dcf

_FEWEST_GENUINE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """As `evaluation.error_rates` defines them; the detection costs are at a prior of 1 %."""

    cllr: float
    min_cllr: float
    act_dcf: float
    min_dcf: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Rates at the threshold for one length of speech, of people held out."""

    net_ms: int
    false_rejects: float
    false_accepts: float
    target_trials: int
    impostor_trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A calibration on people held out: every rule was fitted without those it judges."""

    before: Costs | None
    """Of the calibration that was in use; None where there was none."""

    after: Costs
    errors: tuple[Errors, ...]


def proof(
    comparisons: Comparisons, learned: Calibration, span: Span, before: Calibration | None
) -> Proof | None:
    """How well callers are told from strangers; None with too few people to hold any out."""
    people = int(comparisons.heard.max()) + 1
    split = by_people(comparisons)
    found = held_out(split, people, span, best_rule(split, people, span))
    if found is None:
        return None
    tested = found.comparisons
    return Proof(
        before=None if before is None else costs(tested, _judged(tested, before)),
        after=costs(tested, found.llrs),
        errors=tuple(
            _errors(tested.where(here), found.llrs[here], learned.threshold)
            for here in (tested.net_ms == net_ms for net_ms in np.unique(tested.net_ms))
        ),
    )


def left_out(comparisons: Comparisons, span: Span) -> dict[int, Costs]:
    """Each folder judged by a rule of all the others, by the folder's place.

    Empty where there is one folder only; folders with fewer than 20 genuine trials are not judged.
    """
    found = {}
    for source in np.unique(comparisons.source).tolist():
        here = comparisons.source == source
        others, own = comparisons.where(~here), comparisons.where(here)
        if others.is_same.any() and own.is_same.sum() >= _FEWEST_GENUINE:
            people = int(max(others.claimed.max(), others.heard.max())) + 1
            rule = fitted(others, span, best_rule(by_people(others), people, span))
            found[source] = costs(own, llrs(own, rule, span))
    return found


def costs(comparisons: Comparisons, ratios: Floats) -> Costs:
    """Of natural-log likelihood ratios, shape (trials,)."""
    target, impostor = ratios[comparisons.is_same], ratios[~comparisons.is_same]
    return Costs(
        cllr=cllr(target, impostor),
        min_cllr=min_cllr(target, impostor),
        act_dcf=act_dcf(target, impostor),
        min_dcf=min_dcf(target, impostor),
    )


def _judged(comparisons: Comparisons, by: Calibration) -> Floats:
    known = [None if np.isnan(snr) else snr for snr in comparisons.snr_db.tolist()]
    trials = zip(comparisons.scores.tolist(), comparisons.net_ms.tolist(), known, strict=True)
    return np.array([by.llr(score, net_ms, snr_db) for score, net_ms, snr_db in trials])


def _errors(comparisons: Comparisons, ratios: Floats, threshold: float) -> Errors:
    same = comparisons.is_same
    return Errors(
        net_ms=int(comparisons.net_ms[0]),
        false_rejects=_share(ratios[same] < threshold),
        false_accepts=_share(ratios[~same] >= threshold),
        target_trials=int(same.sum()),
        impostor_trials=int((~same).sum()),
    )


def _share(happened: Sequence[bool] | np.ndarray) -> float:
    return float(np.mean(happened)) if len(happened) else 0.0
