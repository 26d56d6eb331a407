"""Find the rule from score to likelihood ratio that does best on people it never met."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration.comparisons import Comparisons, Floats, joined_comparisons
from biometrics.calibration.logistic import fit_ratio
from biometrics.calibration.profile import Coefficients, clearness, rises
from biometrics.evaluation.error_rates import cllr

PRIOR = 0.5
"""At which the cost is counted. For other people of the set it was learned from, 0.1 and 0.02,
nearer to the rates that operators choose, raised Cllr by 0.02 and 0.07 and actDCF too; on a set
recorded otherwise Cllr fell by 0.03 and 0.05, and actDCF rose."""

_RIDGE = 1e-4
_FOLDS = 5
_FEWEST_IN_FOLD = 2

_FEATURES = ("score", "score_log_net", "log_net", "score_snr", "snr", "offset")
_RULES: tuple[tuple[str, ...], ...] = (
    ("score", "offset"),
    ("score", "score_log_net", "log_net", "offset"),
    _FEATURES,
)
"""From the simplest on; each must beat the one before on people it was not fitted to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What quality measures are held to."""

    shortest_ms: int
    longest_ms: int
    usual_snr_db: float

    @property
    def log_nets(self) -> tuple[float, float]:
        return math.log(self.shortest_ms / 1000), math.log(self.longest_ms / 1000)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """Comparisons of people with the ratios of rules that were fitted without them."""

    comparisons: Comparisons
    llrs: Floats
    fold: NDArray[np.int64]
    """In which of the folds each comparison was held out."""

    def costs(self) -> Floats:
        """Cllr of each fold that has both kinds of trial."""
        same = self.comparisons.is_same
        found = []
        for fold in np.unique(self.fold):
            here = self.fold == fold
            target, impostor = self.llrs[here & same], self.llrs[here & ~same]
            if len(target) and len(impostor):
                found.append(cllr(target, impostor))
        return np.array(found)


Split = Callable[[NDArray[np.bool_]], tuple[Comparisons, Comparisons]]
"""For the people who are held out, by place: what to fit with, and what to judge by."""


def fitted(comparisons: Comparisons, span: Span, names: Sequence[str]) -> Coefficients:
    """The rule with these features that costs least; every folder with both kinds weighs the same.

    `comparisons` holds both kinds of trial. A folder of strangers alone tells how its own line
    differs, not how people do: 248 of them, weighed like the others, raised Cllr - min Cllr of
    another set from 0.11 to 0.18.
    """
    comparisons = comparisons.where(np.isin(comparisons.source, _sources_of_both(comparisons)))
    features = _features(comparisons, span)[:, [_FEATURES.index(name) for name in names]]
    same = comparisons.is_same
    found = fit_ratio(
        features[same],
        features[~same],
        prior=PRIOR,
        shares=(_shares(comparisons.source[same]), _shares(comparisons.source[~same])),
        ridge=_RIDGE,
    )
    usual = dict.fromkeys(_FEATURES, 0.0)
    return Coefficients(**(usual | dict(zip(names, map(float, found), strict=True))))


def llrs(comparisons: Comparisons, rule: Coefficients, span: Span) -> Floats:
    """Natural-log likelihood ratios, shape (trials,)."""
    weights = np.array([getattr(rule, name) for name in _FEATURES])
    return np.asarray(_features(comparisons, span) @ weights)


def held_out(split: Split, people: int, span: Span, names: Sequence[str]) -> HeldOut | None:
    """Ratios of everybody by rules that never met them.

    None where there are too few people, or a higher score would mean less.
    """
    judged, ratios, folds = [], [], []
    for fold, is_out in enumerate(_folds(people)):
        learned, judging = split(is_out)
        if not (_has_both(learned) and len(judging.scores)):
            continue
        rule = fitted(learned, span, names)
        if not rises(rule, span.log_nets):
            return None
        judged.append(judging)
        ratios.append(llrs(judging, rule, span))
        folds.append(np.full(len(judging.scores), fold))
    if not judged:
        return None
    return HeldOut(
        comparisons=joined_comparisons(judged),
        llrs=np.concatenate(ratios),
        fold=np.concatenate(folds),
    )


def best_rule(split: Split, people: int, span: Span) -> tuple[str, ...]:
    """The features worth keeping: each step must lower the held-out Cllr beyond its noise."""
    best = _RULES[0]
    before = held_out(split, people, span, best)
    for names in _RULES[1:]:
        after = held_out(split, people, span, names)
        if before is not None and after is not None and is_gain(before, after):
            best, before = names, after
    return best


def is_gain(before: HeldOut, after: HeldOut, *, errors: float = 1.0) -> bool:
    """Whether Cllr falls by more than so many of its standard errors over the folds."""
    one, two = before.costs(), after.costs()
    if len(one) != len(two) or len(one) < 2:  # noqa: PLR2004 - one fold has no spread
        return False
    gain = one - two
    return bool(gain.mean() > errors * gain.std(ddof=1) / math.sqrt(len(gain)))


def by_people(comparisons: Comparisons) -> Split:
    """Fits with comparisons of people who are kept, judges by those of people held out."""

    def split(is_out: NDArray[np.bool_]) -> tuple[Comparisons, Comparisons]:
        claimed, heard = is_out[comparisons.claimed], is_out[comparisons.heard]
        return comparisons.where(~claimed & ~heard), comparisons.where(claimed & heard)

    return split


def _folds(people: int) -> Iterator[NDArray[np.bool_]]:
    """Everybody is held out once; people come in the order of their names, so places are mixed."""
    count = min(_FOLDS, people // _FEWEST_IN_FOLD)
    places = np.random.default_rng(0).permutation(people)
    for fold in range(count if count > 1 else 0):
        is_out = np.zeros(people, dtype=np.bool_)
        is_out[places[fold::count]] = True
        yield is_out


def _features(comparisons: Comparisons, span: Span) -> Floats:
    """Shape (trials, 6), in the order of _FEATURES."""
    score = comparisons.scores
    held = np.clip(comparisons.net_ms, span.shortest_ms, span.longest_ms)
    log_net = np.log(held / 1000)
    known = np.where(np.isnan(comparisons.snr_db), span.usual_snr_db, comparisons.snr_db)
    noise = clearness(known)
    return np.stack(
        [score, score * log_net, log_net, score * noise, noise, np.ones(len(score))], axis=1
    )


def _sources_of_both(comparisons: Comparisons) -> NDArray[np.int64]:
    same = comparisons.is_same
    return np.intersect1d(comparisons.source[same], comparisons.source[~same])


def _shares(source: NDArray[np.int64]) -> Floats:
    """Weights that give every folder the same sum."""
    _, places, counts = np.unique(source, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[places])


def _has_both(comparisons: Comparisons) -> bool:
    return len(_sources_of_both(comparisons)) > 0
