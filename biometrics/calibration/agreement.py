"""How well the recordings of honest enrolments fit together."""

from collections.abc import Iterator, Sequence

import numpy as np

from biometrics.calibration.comparisons import Comparisons, Floats, Scoring, Voices
from biometrics.calibration.fitting import Span, llrs
from biometrics.calibration.material import Person
from biometrics.calibration.profile import Coefficients
from biometrics.enrolment.enrol import mean_voice

_HONEST_REFUSED = 0.02
"""Share of honest enrolments that are refused because their recordings seem to disagree. It found
nine strangers of ten among 160 speakers of speechocean762; 1 % found eight."""


def disagreement(
    people: Sequence[Person], scoring: Scoring, rule: Coefficients, span: Span
) -> float:
    """The llr that the least fitting recording of an honest enrolment nearly always reaches."""
    least = [
        float(_agreements(place, person, scoring, rule, span).min())
        for place, person in enumerate(people)
        if len(person.enrolment) > 1
    ]
    return float(np.quantile(least, _HONEST_REFUSED, method="lower"))


def _agreements(
    place: int, person: Person, scoring: Scoring, rule: Coefficients, span: Span
) -> Floats:
    """The llr of each recording against the mean of the others, as `enrol` compares them."""
    owner = np.array([place])
    scores = [
        scoring.matrix(
            Voices(vectors=mean[None], people=owner), Voices(vectors=own[None], people=owner)
        )[0, 0]
        for own, mean in _each_and_others(person)
    ]
    owners = np.full(len(scores), place)
    compared = Comparisons(
        scores=np.array(scores),
        net_ms=np.array([heard.net_ms for heard in person.enrolment]),
        snr_db=np.full(len(scores), np.nan),
        claimed=owners,
        heard=owners,
        source=owners,
    )
    return llrs(compared, rule, span)


def _each_and_others(person: Person) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for place, own in enumerate(person.enrolment):
        others = [*person.enrolment[:place], *person.enrolment[place + 1 :]]
        yield own.vector, mean_voice([h.vector for h in others], [h.net_ms for h in others])
