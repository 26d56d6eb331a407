"""Learn what an encoder's scores mean from labelled trials."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration import Calibration, Coefficients
from biometrics.encoder import Encoder
from biometrics.enrol import mean_voice
from biometrics.errors import TooFewTrials
from biometrics.evaluate import threshold_at_fmr
from biometrics.logistic import fit_ratio
from biometrics.score import cosine
from biometrics.trials import (
    Person,
    Trials,
    TrialSettings,
    enrolled_trials,
    single_trials,
)

_RULE_OF_THREE = 3
_FEWEST_GENUINE = 20
_GENUINE_REJECTED = 0.01
_HONEST_REFUSED = 0.02
"""Share of honest enrolments that are refused because their recordings seem to disagree. It found
nine strangers of ten among 160 speakers of speechocean762; 1 % found eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a calibration is made with, as it will be written into it."""

    weights_sha256: str
    codec: str
    data: str
    fmr: float
    """Share of strangers who may be accepted, 0 to 1."""


def learn(
    persons: Sequence[Person], encoder: Encoder, origin: Origin, settings: TrialSettings
) -> Calibration:
    """The calibration that these persons teach.

    Raises:
        TooFewTrials: there are too few comparisons to promise the false match rate.
    """
    enrolled = _enough(enrolled_trials(persons, settings), origin.fmr)
    lengths_ms = sorted(trials.net_ms for trials in enrolled)
    coefficients = _fitted(enrolled)
    ratios = [
        (_llrs(t, t.target, coefficients), _llrs(t, t.impostor, coefficients)) for t in enrolled
    ]
    # One threshold for every length of speech, so the one of the length that needs most.
    threshold = max(threshold_at_fmr(impostor, origin.fmr) for _, impostor in ratios)
    lowest = min(
        float(np.quantile(target, _GENUINE_REJECTED, method="lower")) for target, _ in ratios
    )
    return Calibration(
        encoder=encoder.id,
        weights_sha256=origin.weights_sha256,
        coefficients=coefficients,
        pair_coefficients=_fitted(_enough(single_trials(persons, settings), origin.fmr)),
        shortest_net_ms=lengths_ms[0],
        longest_net_ms=lengths_ms[-1],
        fmr=origin.fmr,
        threshold=threshold,
        reject_below=min(lowest, 0.0),
        disagree_below=min(_disagreement(persons, coefficients, lengths_ms), 0.0),
        target_trials=sum(len(target) for target, _ in ratios),
        impostor_trials=sum(len(impostor) for _, impostor in ratios),
        speakers=len(persons),
        codec=origin.codec,
        data=origin.data,
    )


def _enough(trials: Sequence[Trials], fmr: float) -> list[Trials]:
    """The lengths that enough was said of. No error in n trials proves a rate under 3 / n only."""
    least = math.ceil(_RULE_OF_THREE / fmr)
    found = [t for t in trials if len(t.impostor) >= least and len(t.target) >= _FEWEST_GENUINE]
    if not found:
        raise TooFewTrials(
            f"A false match rate of {fmr:g} needs {least} comparisons of strangers and "
            f"{_FEWEST_GENUINE} of the same person; bring more people or recordings."
        )
    return found


def _fitted(trials: Sequence[Trials]) -> Coefficients:
    target = np.concatenate([_features(t.target, t.net_ms) for t in trials])
    impostor = np.concatenate([_features(t.impostor, t.net_ms) for t in trials])
    score, score_log_net, log_net, offset = map(float, fit_ratio(target, impostor))
    return Coefficients(score=score, score_log_net=score_log_net, log_net=log_net, offset=offset)


def _features(cosines: NDArray[np.float64], net_ms: int) -> NDArray[np.float64]:
    """Shape (trials, 4), in the order of the fields of Coefficients."""
    log_net = np.full(len(cosines), math.log(net_ms / 1000))
    return np.stack([cosines, cosines * log_net, log_net, np.ones(len(cosines))], axis=1)


def _llrs(trials: Trials, cosines: NDArray[np.float64], parts: Coefficients) -> NDArray[np.float64]:
    """As Coefficients.llr, in the same order of steps: the threshold is exact to the last bit."""
    log_net = math.log(trials.net_ms / 1000)
    slope = parts.score + parts.score_log_net * log_net
    return slope * cosines + parts.log_net * log_net + parts.offset


def _disagreement(
    persons: Sequence[Person], coefficients: Coefficients, lengths_ms: Sequence[int]
) -> float:
    """The llr that the least fitting recording of an honest enrolment nearly always reaches."""
    least = [
        min(
            _agreement(person, place, coefficients, lengths_ms)
            for place in range(len(person.enrolment))
        )
        for person in persons
    ]
    return float(np.quantile(least, _HONEST_REFUSED, method="lower"))


def _agreement(
    person: Person, place: int, coefficients: Coefficients, lengths_ms: Sequence[int]
) -> float:
    """The llr of one recording against the mean of the others, as `enrol` compares them."""
    own = person.enrolment[place]
    others = [*person.enrolment[:place], *person.enrolment[place + 1 :]]
    mean = mean_voice([heard.vector for heard in others], [heard.net_ms for heard in others])
    net_ms = min(max(own.net_ms, lengths_ms[0]), lengths_ms[-1])
    return coefficients.llr(cosine(own.vector, mean), math.log(net_ms / 1000))
