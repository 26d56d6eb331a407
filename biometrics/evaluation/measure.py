"""How often voices are confused: every recording of a folder against every other."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import Encoder
from biometrics.errors import TooFewTrials
from biometrics.evaluation.bootstrap import Interval, Resampling, intervals
from biometrics.evaluation.condition import Condition, Ear
from biometrics.evaluation.error_rates import (
    Scores,
    act_dcf,
    cllr,
    eer,
    fnmr_at_fmr,
    min_cllr,
    min_dcf,
)
from biometrics.evaluation.hearing import Listeners
from biometrics.evaluation.lists import all_pairs
from biometrics.evaluation.noise import Noises
from biometrics.evaluation.scored import Failures, Scored, Sides, scored
from biometrics.labelled import Listening, Progress, labelled_recordings

MOST_TRIALS = 2_000_000
"""More pairs are drawn from."""

_RARER_PRIOR = 0.005
"""The second of the two operating points that NIST SRE 2016 and 2018 average."""

_RULE_OF_THREE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WithFailures:
    """What a caller meets, failures included: ISO/IEC 19795-1, at the threshold of one FMR."""

    fmr: float
    far: float
    """FMR * (1 - FTA): who cannot be heard is not accepted."""

    frr: float
    """FTA + FNMR * (1 - FTA): and a person who cannot be heard is refused."""

    gfar: float
    """FAR * (1 - FTE): and nobody is taken for a person who could not be enrolled."""

    gfrr: float
    """FTE + (1 - FTE) * FRR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFigures:
    """Error rates as fractions, costs as `biometrics.evaluation.error_rates` defines them.

    eer and fnmr_at_fmr_* are of cosines; the costs are of likelihood ratios, so that
    act_dcf - min_dcf and cllr - min_cllr are what calibration loses. Without a calibration the
    least costs are of cosines, and the actual ones are None.
    """

    eer: float
    fnmr_at_fmr_1e2: float
    fnmr_at_fmr_1e3: float
    min_dcf: float
    act_dcf: float | None
    cllr: float | None
    min_cllr: float
    target_trials: int
    impostor_trials: int
    failures: int
    """Recordings that cannot be read or hold too little speech; they are in no trial."""

    fnmr_at_fmr_1e4: float | None
    """None where there are too few impostor trials to speak of such a rate: rule of three."""

    min_dcf_5e3: float
    """At a prior of 0.005."""

    act_dcf_5e3: float | None
    min_c_primary: float
    """Mean of the costs at 0.01 and 0.005: NIST SRE 2016, 2018 evaluation plans, section 3.1."""

    act_c_primary: float | None
    speakers: int
    enrolments: int
    failure_to_enrol: int
    failure_to_enrol_rate: float
    tests: int
    failure_to_acquire: int
    failure_to_acquire_rate: float
    with_failures: tuple[WithFailures, ...]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    """95 % confidence by speaker, by the names of the figures above."""


def measure_voices(
    folder: Path,
    listening: Listening,
    *,
    encoder: Encoder,
    calibration: Calibration,
    progress: Progress | None = None,
) -> VoiceFigures:
    """Compare every two recordings in `folder`, which holds one folder a person.

    Raises:
        TooFewTrials: nothing can be compared.
        CalibrationUnusable: the calibration is for another encoder.
    """
    calibration.check_fits(encoder.id)
    recordings = labelled_recordings([folder])
    trials = all_pairs(recordings, most=MOST_TRIALS, seed=0)
    condition = Condition(codec=listening.codec, longest_ms=listening.longest_ms)
    sides = Sides(single=condition, several=condition, tested=condition)
    listeners = Listeners(
        ear=Ear(detector=listening.detector, noises=Noises()), encoders={"": encoder}
    )
    jobs = [(place, condition) for place in range(len(recordings))]
    hearing = listeners.hear(recordings, jobs, progress or (lambda _done, _total: None))[""]
    found, failures = scored(trials, hearing, sides, calibration)
    return figures_of(found, failures)


def figures_of(
    found: Scored, failures: Failures, *, resampling: Resampling | None = None
) -> VoiceFigures:
    """The figures of scored trials; without `resampling` there are no intervals.

    Raises:
        TooFewTrials: there are no trials of one kind.
    """
    if not len(found):
        raise TooFewTrials("No recording in the folder holds enough speech.")
    is_target, ratios = found.is_target, found.ratios
    target, impostor = found.cosines[is_target], found.cosines[~is_target]
    same, other = found.judged[is_target], found.judged[~is_target]
    least, rarer = min_dcf(same, other), min_dcf(same, other, prior=_RARER_PRIOR)
    actual = None if ratios is None else act_dcf(same, other)
    actual_rarer = None if ratios is None else act_dcf(same, other, prior=_RARER_PRIOR)
    fte = failures.not_enrolled / failures.enrolments
    fta = failures.not_acquired / failures.tests
    return VoiceFigures(
        eer=eer(target, impostor),
        fnmr_at_fmr_1e2=fnmr_at_fmr(target, impostor, 1e-2),
        fnmr_at_fmr_1e3=fnmr_at_fmr(target, impostor, 1e-3),
        fnmr_at_fmr_1e4=_measurable_fnmr(target, impostor, 1e-4),
        min_dcf=least,
        act_dcf=actual,
        cllr=None if ratios is None else cllr(same, other),
        min_cllr=min_cllr(same, other),
        target_trials=len(target),
        impostor_trials=len(impostor),
        failures=failures.recordings,
        min_dcf_5e3=rarer,
        act_dcf_5e3=actual_rarer,
        min_c_primary=(least + rarer) / 2,
        act_c_primary=_mean(actual, actual_rarer),
        speakers=len(np.union1d(found.enrolled, found.tested)),
        enrolments=failures.enrolments,
        failure_to_enrol=failures.not_enrolled,
        failure_to_enrol_rate=fte,
        tests=failures.tests,
        failure_to_acquire=failures.not_acquired,
        failure_to_acquire_rate=fta,
        with_failures=tuple(
            _with_failures(fmr, fnmr_at_fmr(target, impostor, fmr), fta=fta, fte=fte)
            for fmr in (1e-2, 1e-3)
        ),
        intervals=_kept(intervals(found, resampling), len(impostor)) if resampling else {},
    )


def is_measurable(fmr: float, impostor_trials: int) -> bool:
    """Whether no error in so many trials would show, with 95 % confidence, a rate under `fmr`."""
    return impostor_trials >= math.ceil(_RULE_OF_THREE / fmr - 1e-6)


def _measurable_fnmr(target: Scores, impostor: Scores, fmr: float) -> float | None:
    return fnmr_at_fmr(target, impostor, fmr) if is_measurable(fmr, len(impostor)) else None


def _kept(found: Mapping[str, Interval], impostor_trials: int) -> Mapping[str, Interval]:
    """No interval for a figure that is not there."""
    is_kept = is_measurable(1e-4, impostor_trials)
    return {n: interval for n, interval in found.items() if is_kept or n != "fnmr_at_fmr_1e4"}


def _with_failures(fmr: float, fnmr: float, *, fta: float, fte: float) -> WithFailures:
    far, frr = fmr * (1 - fta), fta + fnmr * (1 - fta)
    return WithFailures(fmr=fmr, far=far, frr=frr, gfar=far * (1 - fte), gfrr=fte + (1 - fte) * frr)


def _mean(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else (first + second) / 2
