"""What comparisons give: a cosine and, where there is a calibration, a likelihood ratio each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration.calibration import Calibration
from biometrics.calibration.trials import Heard
from biometrics.enrolment.enrol import mean_voice
from biometrics.evaluation.condition import Condition
from biometrics.evaluation.error_rates import Scores
from biometrics.evaluation.hearing import Hearing
from biometrics.evaluation.lists import TrialList

_AT_ONCE = 50_000
"""Comparisons whose vectors are in memory together."""

_ENROLLED_FROM = 3
"""Recordings from which a calibration speaks of an enrolled voice, not of a single recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """What could not be compared: unreadable, or too little speech."""

    enrolments: int
    """That were tried."""

    not_enrolled: int
    tests: int
    """That were tried."""

    not_acquired: int
    recordings: int
    """That failed as one or the other, each counted once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """Comparisons that were made; arrays of shape (trials,)."""

    is_target: NDArray[np.bool_]
    enrolled: NDArray[np.int64]
    """The enrolled person, as a number."""

    tested: NDArray[np.int64]
    """The person who was tested, as a number."""

    cosines: Scores
    ratios: Scores | None
    """Natural-log likelihood ratios; None without a calibration."""

    def __len__(self) -> int:
        return len(self.is_target)

    def only(self, chosen: NDArray[np.bool_]) -> "Scored":
        """The chosen comparisons."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{n: a[chosen] for n, a in arrays.items() if a is not None})

    @property
    def judged(self) -> Scores:
        """Likelihood ratios where there are any, else cosines."""
        return self.cosines if self.ratios is None else self.ratios


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The condition of each side of a comparison."""

    single: Condition
    """Of an enrolment of one recording."""

    several: Condition
    """Of each recording of an enrolment of several."""

    tested: Condition

    def enrolled(self, enrolment: Sequence[int]) -> Condition:
        return self.single if len(enrolment) == 1 else self.several

    def jobs(self, trials: TrialList) -> list[tuple[int, Condition]]:
        """All that must be heard for `trials`."""
        enrolled = [(p, self.enrolled(places)) for places in trials.enrolments for p in places]
        return enrolled + [(int(place), self.tested) for place in np.unique(trials.tested)]


def scored(
    trials: TrialList, hearing: Hearing, sides: Sides, calibration: Calibration | None
) -> tuple[Scored, Failures]:
    """Score what can be scored, and count what cannot."""
    voices = [_voice(places, hearing, sides.enrolled(places)) for places in trials.enrolments]
    heard = [hearing.get((place, sides.tested)) for place in range(len(trials.recordings))]
    can_enrol = np.array([voice is not None for voice in voices])
    can_test = np.array([voice is not None for voice in heard])
    made = can_enrol[trials.enrolled] & can_test[trials.tested]
    enrolled, tested = trials.enrolled[made], trials.tested[made]
    persons = np.unique([entry.person for entry in trials.recordings], return_inverse=True)[1]
    owners = persons[[places[0] for places in trials.enrolments]]
    is_several = np.array([len(places) >= _ENROLLED_FROM for places in trials.enrolments])
    cosines = _cosines(voices, heard, enrolled, tested)
    compared = Compared(
        voices=[voice for place in enrolled if (voice := voices[place]) is not None],
        tests=[test for place in tested if (test := heard[place]) is not None],
        cosines=cosines,
        is_several=is_several[enrolled],
    )
    return (
        Scored(
            is_target=trials.is_target[made],
            enrolled=owners[enrolled],
            tested=persons[tested],
            cosines=cosines,
            ratios=None if calibration is None else ratios(compared, calibration),
        ),
        _failures(trials, hearing, sides, can_enrol, can_test),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """Both sides of each comparison."""

    voices: Sequence[Heard]
    tests: Sequence[Heard]
    cosines: Scores
    is_several: NDArray[np.bool_]
    """Whether the voice was enrolled from several recordings."""


def ratios(compared: Compared, calibration: Calibration) -> Scores:
    """Natural-log likelihood ratios, shape (trials,)."""
    rows = zip(
        compared.voices,
        compared.tests,
        compared.cosines.tolist(),
        compared.is_several.tolist(),
        strict=True,
    )
    return np.array([_ratio(*row, calibration) for row in rows], dtype=np.float64)


def _ratio(
    voice: Heard,
    test: Heard,
    cosine: float,
    is_several: bool,  # noqa: FBT001 - one column of a table
    calibration: Calibration,
) -> float:
    score = cosine
    if calibration.cohort is not None:
        score = calibration.alike(voice.vector, test.vector)
    if is_several:
        return calibration.llr(score, test.net_ms, test.snr_db)
    snrs_db = [side.snr_db for side in (voice, test) if side.snr_db is not None]
    return calibration.pair_llr(score, min(voice.net_ms, test.net_ms), min(snrs_db, default=None))


def _voice(places: Sequence[int], hearing: Hearing, condition: Condition) -> Heard | None:
    parts = [hearing.get((place, condition)) for place in places]
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return None
    if len(whole) == 1:
        return whole[0]
    nets_ms = [part.net_ms for part in whole]
    vector = mean_voice([part.vector for part in whole], nets_ms)
    return Heard(vector=vector, net_ms=sum(nets_ms))


def _cosines(
    voices: Sequence[Heard | None],
    heard: Sequence[Heard | None],
    enrolled: NDArray[np.int64],
    tested: NDArray[np.int64],
) -> Scores:
    left, right = _stacked(voices), _stacked(heard)
    parts = [
        np.einsum("ij,ij->i", left[enrolled[at : at + _AT_ONCE]], right[tested[at : at + _AT_ONCE]])
        for at in range(0, len(enrolled), _AT_ONCE)
    ]
    return np.concatenate([np.zeros(0), *parts])


def _stacked(voices: Sequence[Heard | None]) -> NDArray[np.float64]:
    """Shape (voices, dimension); what is missing is zero, and never looked at."""
    known = [voice.vector for voice in voices if voice is not None]
    empty = np.zeros_like(known[0]) if known else np.zeros(1, dtype=np.float32)
    return np.stack([empty if v is None else v.vector for v in voices]).astype(np.float64)


def _failures(
    trials: TrialList,
    hearing: Hearing,
    sides: Sides,
    can_enrol: NDArray[np.bool_],
    can_test: NDArray[np.bool_],
) -> Failures:
    tests = np.unique(trials.tested)
    return Failures(
        enrolments=len(trials.enrolments),
        not_enrolled=int(np.sum(~can_enrol)),
        tests=len(tests),
        not_acquired=int(np.sum(~can_test[tests])),
        recordings=len({job[0] for job in sides.jobs(trials) if job not in hearing}),
    )
