"""Scores are normalised where that helps, and only there."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biometrics import EncoderId
from biometrics.calibration.cohort import Cohort
from biometrics.calibration.fitting import Span
from biometrics.calibration.material import Person
from biometrics.calibration.normalise import Normalisation, chosen_scoring
from biometrics.encoder import unit

SPAN = Span(shortest_ms=1500, longest_ms=3000, usual_snr_db=20.0)

Crowd = Callable[..., tuple[Person, ...]]


def shifted(people: tuple[Person, ...], rng: np.random.Generator) -> tuple[Person, ...]:
    """Everybody's recordings lean to the middle, everybody's as far as their telephone has it."""
    return tuple(_leaning(person, float(rng.uniform(0.0, 3.0))) for person in people)


def _leaning(person: Person, how_far: float) -> Person:
    middle = np.zeros_like(person.singles[0].vector)
    middle[0] = how_far

    def lean(heard: object) -> object:
        return replace(heard, vector=unit(heard.vector + middle))  # type: ignore[type-var, attr-defined]

    return replace(
        person,
        singles=tuple(map(lean, person.singles)),
        enrolment=tuple(map(lean, person.enrolment)),
        excerpts=tuple(map(lean, person.excerpts)),
    )


def test_a_cohort_of_a_few_is_not_even_tried(crowd: Crowd) -> None:
    found, scoring = chosen_scoring(crowd(20), SPAN, 0.05, None)

    assert found == Normalisation(is_on=False, people=0)
    assert scoring.cohort is None
    assert found.sentence == "Scores are not normalised: too few people for a cohort."


def test_a_foreign_cohort_that_harms_is_left_out(crowd: Crowd) -> None:
    """Its voices lie where none of the people are, so that it tells nothing about any of them."""
    rng = np.random.default_rng(5)
    people = crowd(60, dimension=16)
    spread = np.zeros((40, 16), dtype=np.float32)
    spread[:, 0] = 1.0
    vectors = np.stack([unit((row + rng.normal(0, 0.02, 16)).astype(np.float32)) for row in spread])
    foreign = Cohort(encoder=EncoderId("pattern-0"), weights_sha256="ab" * 32, vectors=vectors)

    found, scoring = chosen_scoring(people, SPAN, 0.05, foreign)

    assert found.people == 100
    assert not found.is_on
    assert found.cllr[1] > found.cllr[0]
    assert scoring.cohort is None
    assert "no gain beyond noise" in found.sentence


def test_a_cohort_that_takes_away_what_telephones_add_is_used(crowd: Crowd) -> None:
    people = shifted(crowd(80, dimension=16), np.random.default_rng(6))

    found, scoring = chosen_scoring(people, SPAN, 0.05, None)

    assert found.is_on, found
    assert found.cllr[1] < found.cllr[0]
    assert found.fnmr[1] <= found.fnmr[0]
    assert scoring.cohort is not None
    assert scoring.cohort.shape == (80, 16)
    assert found.sentence.startswith("Scores are normalised with a cohort: with 80 people")


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_where_there_is_nothing_to_gain_nothing_is_switched_on(crowd: Crowd, seed: int) -> None:
    people = crowd(40, dimension=16, seed=seed)

    assert not chosen_scoring(people, SPAN, 0.05, None)[0].is_on
