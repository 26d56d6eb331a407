"""Learn what an encoder's scores mean from labelled comparisons."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration.agreement import disagreement
from biometrics.calibration.calibration import Calibration
from biometrics.calibration.cohort import Cohort
from biometrics.calibration.comparisons import (
    Comparisons,
    Scoring,
    enrolled_comparisons,
    joined_comparisons,
    pair_comparisons,
)
from biometrics.calibration.fitting import Span, best_rule, by_people, fitted, llrs
from biometrics.calibration.material import Person
from biometrics.calibration.normalise import Normalisation, chosen_scoring
from biometrics.calibration.profile import POOLED, Coefficients, Profile
from biometrics.calibration.strangers import RULE_OF_THREE, Strangers, strangers, threshold_at
from biometrics.encoder import Encoder
from biometrics.errors import TooFewTrials

_FEWEST_GENUINE = 20
_FEWEST_PEOPLE = 5
"""Fewer cannot be divided into those who teach and those who test."""
_GENUINE_REJECTED = 0.01
_CONFIDENCE = 1.645
"""Standard deviations within which 95 % of what is at most so much lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a calibration is made with, as it will be written into it."""

    weights_sha256: str
    data: str
    fmr: float
    """Share of strangers who may be accepted, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """What people say over one kind of line; the same people on every line, in the same order."""

    channel: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """A calibration, and the cohort it normalises with if it does."""

    calibration: Calibration
    cohort: Cohort | None
    normalisation: Normalisation

    enrolled: Mapping[str, Comparisons]
    """What it was learned from, by channel."""

    pairs: Mapping[str, Comparisons]
    span: Span


def learn(
    lines: Sequence[Line], encoder: Encoder, origin: Origin, *, foreign: Cohort | None = None
) -> Learned:
    """The calibration that these people teach, in use for the first of the lines.

    `foreign` is a cohort of other people; without it the people themselves are tried as one.

    Raises:
        TooFewTrials: there are too few comparisons to promise the false match rate.
    """
    people = lines[0].people
    span = _span(_enough(enrolled_comparisons(people, Scoring()), origin.fmr), people)
    normalisation, scoring = chosen_scoring(people, span, origin.fmr, foreign)
    enrolled = {
        line.channel: _enough(enrolled_comparisons(line.people, scoring), origin.fmr)
        for line in lines
    }
    pairs = {line.channel: pair_comparisons(line.people, scoring) for line in lines}
    taught = [
        _taught(line, enrolled[line.channel], pairs[line.channel], span, scoring) for line in lines
    ]
    pooled = _pooled([*enrolled.values()], [*pairs.values()], span, taught)
    cohort = _cohort(scoring, encoder, origin)
    calibration = _calibration((*taught, pooled), encoder, origin, span, len(people))
    return Learned(
        calibration=replace(calibration, cohort=cohort),
        cohort=cohort,
        normalisation=normalisation,
        enrolled=enrolled,
        pairs=pairs,
        span=span,
    )


def _calibration(
    profiles: tuple[Profile, ...], encoder: Encoder, origin: Origin, span: Span, people: int
) -> Calibration:
    first = profiles[0]
    return Calibration(
        encoder=encoder.id,
        weights_sha256=origin.weights_sha256,
        coefficients=first.coefficients,
        pair_coefficients=first.pair_coefficients,
        shortest_net_ms=span.shortest_ms,
        longest_net_ms=span.longest_ms,
        fmr=origin.fmr,
        threshold=threshold_at(first.strangers, origin.fmr),
        reject_below=first.reject_below,
        disagree_below=first.disagree_below,
        target_trials=first.target_trials,
        impostor_trials=first.impostor_trials,
        speakers=people,
        codec=", ".join(profile.channel for profile in profiles if profile.channel != POOLED),
        data=origin.data,
        profiles=profiles,
    ).on(first.channel)


def _taught(
    line: Line, enrolled: Comparisons, pairs: Comparisons, span: Span, scoring: Scoring
) -> Profile:
    profile = _profile(line.channel, enrolled, pairs, span)
    found = disagreement(line.people, scoring, profile.coefficients, span)
    return replace(profile, disagree_below=min(found, 0.0))


def _pooled(
    enrolled: Sequence[Comparisons],
    pairs: Sequence[Comparisons],
    span: Span,
    taught: Sequence[Profile],
) -> Profile:
    """All lines together; of what an honest enrolment reaches, the least of any line."""
    profile = _profile(POOLED, joined_comparisons(enrolled), joined_comparisons(pairs), span)
    return replace(profile, disagree_below=min(each.disagree_below for each in taught))


def _profile(channel: str, enrolled: Comparisons, pairs: Comparisons, span: Span) -> Profile:
    rule = _rule(enrolled, span)
    same, ratios = enrolled.is_same, llrs(enrolled, rule, span)
    return Profile(
        channel=channel,
        coefficients=rule,
        pair_coefficients=_rule(pairs, span),
        usual_snr_db=span.usual_snr_db,
        strangers=tuple(_tables(enrolled, rule, span)),
        reject_below=min(_hardly_reached(ratios[same]), 0.0),
        disagree_below=0.0,
        target_trials=int(same.sum()),
        impostor_trials=int((~same).sum()),
    )


def _hardly_reached(genuine: NDArray[np.float64]) -> float:
    """The ratio under which, as far as so many trials show at 95 %, few enough of all would fall.

    By the normal approximation of their number; where the trials are few, the lowest of them.
    """
    doubt = _CONFIDENCE * math.sqrt(_GENUINE_REJECTED / len(genuine))
    share = max(_GENUINE_REJECTED - doubt, 0.0)
    return float(np.quantile(genuine, share, method="lower"))


def _rule(comparisons: Comparisons, span: Span) -> Coefficients:
    people = int(max(comparisons.claimed.max(), comparisons.heard.max())) + 1
    return fitted(comparisons, span, best_rule(by_people(comparisons), people, span))


def _tables(enrolled: Comparisons, rule: Coefficients, span: Span) -> list[Strangers]:
    """One for each folder and length, so that the promise holds in the hardest of them."""
    others = enrolled.where(~enrolled.is_same)
    cells = sorted(set(zip(others.source.tolist(), others.net_ms.tolist(), strict=True)))
    tables = []
    for source, net_ms in cells:
        cell = others.where((others.source == source) & (others.net_ms == net_ms))
        found = llrs(cell, rule, span)
        tables.append(strangers(found, net_ms=net_ms, pairs=cell.strangers_met()))
    return tables


def _enough(enrolled: Comparisons, fmr: float) -> Comparisons:
    """The lengths that enough was said of. No error in n trials proves a rate under 3 / n only."""
    least = math.ceil(RULE_OF_THREE / fmr - 1e-9)
    kept = np.zeros(len(enrolled.scores), dtype=np.bool_)
    most_met = most_genuine = 0
    for net_ms in np.unique(enrolled.net_ms):
        here = enrolled.net_ms == net_ms
        met, genuine = enrolled.where(here).strangers_met(), int((here & enrolled.is_same).sum())
        most_met, most_genuine = max(most_met, met), max(most_genuine, genuine)
        if met >= least and genuine >= _FEWEST_GENUINE:
            kept |= here
    if not kept.any():
        raise TooFewTrials(_needs(fmr, least, most_met, most_genuine))
    return enrolled.where(kept)


def _needs(fmr: float, least: int, met: int, genuine: int) -> str:
    people = max(math.ceil((1 + math.sqrt(1 + 8 * least)) / 2), _FEWEST_PEOPLE)
    return (
        f"A false match rate of {fmr:g} needs {least} pairs of different people ({people} people) "
        f"and {_FEWEST_GENUINE} comparisons of the same person; these recordings give {met} and "
        f"{genuine}. Bring more people or recordings, or ask for a higher rate."
    )


def _span(enrolled: Comparisons, people: Sequence[Person]) -> Span:
    known = [h.snr_db for p in people for h in p.excerpts if h.snr_db is not None]
    return Span(
        shortest_ms=int(enrolled.net_ms.min()),
        longest_ms=int(enrolled.net_ms.max()),
        usual_snr_db=round(float(np.median(known)), 1) if known else 20.0,
    )


def _cohort(scoring: Scoring, encoder: Encoder, origin: Origin) -> Cohort | None:
    if scoring.cohort is None:
        return None
    return Cohort(encoder=encoder.id, weights_sha256=origin.weights_sha256, vectors=scoring.cohort)
