"""Whether scores are normalised with a cohort: only where people it never met gain by it.

A cohort helps where it holds voices like the callers' and is unsafe where it does not: learned on
speechocean762 with a cohort of its own, six to nine strangers in a hundred passed on Speech
Commands at the threshold of a prior of 1 %, where without a cohort none did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration.cohort import FEWEST, Cohort
from biometrics.calibration.comparisons import Comparisons, Scoring, enrolled_comparisons
from biometrics.calibration.fitting import (
    HeldOut,
    Span,
    Split,
    best_rule,
    by_people,
    held_out,
    is_gain,
)
from biometrics.calibration.material import Person
from biometrics.evaluation.error_rates import fnmr_at_fmr

_ERRORS = 2.0
"""A gain counts from two standard errors on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalisation:
    """What was decided, and by which figures of people held out."""

    is_on: bool
    people: int
    """In the cohort that was tried; 0 where none could be."""

    cllr: tuple[float, float] = (1.0, 1.0)
    """Mean over the folds, without and with."""

    fnmr: tuple[float, float] = (1.0, 1.0)
    """Share of genuine trials refused at the false match rate asked for, without and with."""

    @property
    def sentence(self) -> str:
        """For whoever runs the calibration."""
        if not self.people:
            return "Scores are not normalised: too few people for a cohort."
        told = (
            f"with {self.people} people, held-out Cllr {self.cllr[0]:.3f} becomes "
            f"{self.cllr[1]:.3f} and false rejects {self.fnmr[0]:.1%} become {self.fnmr[1]:.1%}"
        )
        if self.is_on:
            return f"Scores are normalised with a cohort: {told}."
        return f"Scores are not normalised, a cohort brings no gain beyond noise: {told}."


def chosen_scoring(
    people: Sequence[Person], span: Span, fmr: float, foreign: Cohort | None
) -> tuple[Normalisation, Scoring]:
    """Cosines, or cosines normalised with a cohort of the people and of a `foreign` one."""
    scoring = _with_cohort(people, foreign, np.zeros(len(people), dtype=np.bool_))
    if scoring.cohort is None:
        return Normalisation(is_on=False, people=0), Scoring()
    plain = _judged(_cosines(people, span), len(people), span)
    normed = _judged(_normalised(people, span, foreign), len(people), span)
    if plain is None or normed is None:
        return Normalisation(is_on=False, people=0), Scoring()
    fnmr = _fnmr(plain, fmr), _fnmr(normed, fmr)
    is_on = is_gain(plain, normed, errors=_ERRORS) and fnmr[1] <= fnmr[0]
    found = Normalisation(
        is_on=is_on,
        people=len(scoring.cohort),
        cllr=(float(plain.costs().mean()), float(normed.costs().mean())),
        fnmr=fnmr,
    )
    return found, scoring if is_on else Scoring()


def _judged(split: Split, people: int, span: Span) -> HeldOut | None:
    return held_out(split, people, span, best_rule(split, people, span))


def _cosines(people: Sequence[Person], span: Span) -> Split:
    return by_people(_tested(people, Scoring(), span))


def _normalised(people: Sequence[Person], span: Span, foreign: Cohort | None) -> Split:
    """Whoever is held out is in nobody's cohort."""

    def split(is_out: NDArray[np.bool_]) -> tuple[Comparisons, Comparisons]:
        scoring = _with_cohort(people, foreign, is_out)
        return by_people(_tested(people, scoring, span))(is_out)

    return split


def _tested(people: Sequence[Person], scoring: Scoring, span: Span) -> Comparisons:
    found = enrolled_comparisons(people, scoring)
    return found.where((found.net_ms >= span.shortest_ms) & (found.net_ms <= span.longest_ms))


def _with_cohort(
    people: Sequence[Person], foreign: Cohort | None, is_out: NDArray[np.bool_]
) -> Scoring:
    """The people who are kept, and those of the `foreign` cohort; plain cosines with too few."""
    kept = np.flatnonzero(~is_out)
    own = [people[i].typical for i in kept.tolist()]
    others = [] if foreign is None else list(foreign.vectors)
    if len(own) + len(others) <= FEWEST:
        return Scoring()
    owners = np.full(len(people), -1)
    owners[kept] = np.arange(len(kept))
    return Scoring(cohort=np.stack([*own, *others]), owners=owners)


def _fnmr(judged: HeldOut, fmr: float) -> float:
    same = judged.comparisons.is_same
    return fnmr_at_fmr(judged.llrs[same], judged.llrs[~same], fmr)
