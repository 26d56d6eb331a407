"""Figures of parts of the trials: where an encoder is good, and where it is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.evaluation.bootstrap import Interval, Resampling, intervals
from biometrics.evaluation.error_rates import act_dcf, eer, fnmr_at_fmr, min_dcf
from biometrics.evaluation.lists import TrialList
from biometrics.evaluation.people import About
from biometrics.evaluation.scored import Failures, Scored

FEWEST_TARGETS = 20
"""With fewer genuine trials a rate would say nothing."""

_FEWEST_IMPOSTORS = 100

_SEX_NAMES = {"f": "women and girls", "m": "men and boys", "d": "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Trials that have something in common."""

    kind: str
    """By what the trials were told apart: codec, noise, speech, sex or age."""

    label: str
    speakers: int
    target_trials: int
    impostor_trials: int
    eer: float | None
    """None, as the rates and costs below, where there are too few trials."""

    fnmr_at_fmr_1e2: float | None
    min_dcf: float | None = None
    act_dcf: float | None = None
    """None, as what follows, without a calibration."""

    target_accepted: float | None = None
    """Share of genuine trials at or above the threshold that is in use."""

    target_rejected: float | None = None
    """Share under the limit of rejection; the rest is inconclusive."""

    impostor_accepted: float | None = None
    impostor_rejected: float | None = None
    tests: int | None = None
    failure_to_acquire: int | None = None
    intervals: Mapping[str, Interval] = field(default_factory=dict)


def part_of(  # noqa: PLR0913 - what the part is called, and what it is made of
    kind: str,
    label: str,
    found: Scored,
    *,
    calibration: Calibration | None,
    resampling: Resampling,
    failures: Failures | None = None,
) -> Part:
    """The figures of some scored trials."""
    target, impostor = found.cosines[found.is_target], found.cosines[~found.is_target]
    is_enough = len(target) >= FEWEST_TARGETS and len(impostor) >= _FEWEST_IMPOSTORS
    judged = found.ratios is not None and calibration is not None and is_enough
    spread = intervals(found, resampling) if is_enough else {}
    return Part(
        kind=kind,
        label=label,
        speakers=len(np.union1d(found.enrolled, found.tested)),
        target_trials=len(target),
        impostor_trials=len(impostor),
        eer=eer(target, impostor) if is_enough else None,
        fnmr_at_fmr_1e2=fnmr_at_fmr(target, impostor, 1e-2) if is_enough else None,
        tests=failures.tests if failures else None,
        failure_to_acquire=failures.not_acquired if failures else None,
        intervals={name: spread[name] for name in ("eer", "fnmr_at_fmr_1e2") if name in spread},
        **(_judgements(found, calibration) if judged and calibration else {}),
    )


def _judgements(found: Scored, calibration: Calibration) -> Mapping[str, float]:
    same, other = found.judged[found.is_target], found.judged[~found.is_target]
    return {
        "min_dcf": min_dcf(same, other),
        "act_dcf": act_dcf(same, other),
        "target_accepted": float(np.mean(same >= calibration.threshold)),
        "target_rejected": float(np.mean(same < calibration.reject_below)),
        "impostor_accepted": float(np.mean(other >= calibration.threshold)),
        "impostor_rejected": float(np.mean(other < calibration.reject_below)),
    }


def by_people(
    found: Scored,
    trials: TrialList,
    people: Mapping[str, About],
    *,
    calibration: Calibration | None,
    resampling: Resampling,
) -> Iterator[Part]:
    """Trials within one sex and within one age group; strangers of another group are easier."""
    names = sorted({entry.person for entry in trials.recordings})
    known = [people.get(PurePath(name).name) for name in names]
    groups: dict[str, Sequence[str]] = {
        "sex": [_SEX_NAMES.get(about.sex, "") if about else "" for about in known],
        "age": [about.age_group if about else "" for about in known],
    }
    for kind, labels in groups.items():
        for label in sorted(set(labels) - {""}, key=_by_number):
            inside = np.array([own == label for own in labels])
            chosen = inside[found.enrolled] & inside[found.tested]
            yield part_of(
                kind,
                label,
                found.only(chosen),
                calibration=calibration,
                resampling=resampling,
            )


def _by_number(label: str) -> tuple[int, str]:
    first = label.split("-", maxsplit=1)[0]
    return (int(first) if first.isdecimal() else 0, label)
