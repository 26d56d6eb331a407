"""How often voices are confused: every recording of a folder against every other."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration import Calibration
from biometrics.encoder import Encoder, voice_in
from biometrics.errors import TooFewTrials, TooLittleSpeech, UnreadableRecording
from biometrics.evaluate import act_dcf, cllr, eer, fnmr_at_fmr, min_cllr, min_dcf
from biometrics.labelled import Labelled, Listening, Progress, labelled_recordings
from biometrics.trials import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFigures:
    """Error rates as fractions, costs as `biometrics.evaluate` defines them.

    eer and fnmr_at_fmr_* are of cosines; the costs are of likelihood ratios for single recordings,
    so that act_dcf - min_dcf and cllr - min_cllr are what calibration loses.
    """

    eer: float
    fnmr_at_fmr_1e2: float
    fnmr_at_fmr_1e3: float
    min_dcf: float
    act_dcf: float
    cllr: float
    min_cllr: float
    target_trials: int
    impostor_trials: int
    failures: int
    """Recordings that cannot be read or hold too little speech; they are in no trial."""


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
    heard: list[Heard | None] = []
    for done, entry in enumerate(recordings, start=1):
        heard.append(_heard(entry, listening, encoder))
        if progress is not None:
            progress(done, len(recordings))
    return _figures(recordings, heard, calibration)


def _heard(entry: Labelled, listening: Listening, encoder: Encoder) -> Heard | None:
    try:
        speech = listening(entry.file)
        return Heard(vector=voice_in(speech, encoder), net_ms=speech.net_ms)
    except (UnreadableRecording, TooLittleSpeech):
        return None


def _figures(
    recordings: Sequence[Labelled], heard: Sequence[Heard | None], calibration: Calibration
) -> VoiceFigures:
    usable = [(e.person, h) for e, h in zip(recordings, heard, strict=True) if h is not None]
    if not usable:
        raise TooFewTrials("No recording in the folder holds enough speech.")
    is_same, cosines, ratios = _compared(usable, calibration)
    target, impostor = cosines[is_same], cosines[~is_same]
    same, other = ratios[is_same], ratios[~is_same]
    return VoiceFigures(
        eer=eer(target, impostor),
        fnmr_at_fmr_1e2=fnmr_at_fmr(target, impostor, 1e-2),
        fnmr_at_fmr_1e3=fnmr_at_fmr(target, impostor, 1e-3),
        min_dcf=min_dcf(same, other),
        act_dcf=act_dcf(same, other),
        cllr=cllr(same, other),
        min_cllr=min_cllr(same, other),
        target_trials=len(target),
        impostor_trials=len(impostor),
        failures=len(heard) - len(usable),
    )


def _compared(
    usable: Sequence[tuple[str, Heard]], calibration: Calibration
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """For every pair: whether it is one person, the cosine, and the likelihood ratio."""
    first, second = np.triu_indices(len(usable), k=1)
    persons = np.unique([person for person, _ in usable], return_inverse=True)[1]
    vectors = np.stack([heard.vector for _, heard in usable]).astype(np.float64)
    cosines = (vectors @ vectors.T)[first, second]
    nets = np.array([heard.net_ms for _, heard in usable])
    net_ms = np.minimum(nets[first], nets[second])
    ratios = np.array(
        [calibration.pair_llr(c, n) for c, n in zip(cosines.tolist(), net_ms.tolist(), strict=True)]
    )
    return persons[first] == persons[second], cosines, ratios
