"""Voices that a score is seen against: adaptive symmetric normalisation."""

import hashlib
import os
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import CalibrationUnusable
from biometrics.voiceprint import EncoderId, Vector

_MOST = 300
_SHARE = 8
"""One in so many of the cohort counts, 20 at least and 300 at most: those who are close. Matejka
et al. take 300 of thousands. Of 808 people of three sets, 100 brought actDCF nearer to minDCF than
300 did, on sets that were in the cohort with other people."""
FEWEST = 20
"""A cohort of no more people has no spread worth dividing by."""
_NARROWEST = 1e-3
"""A spread under this is no spread: the cohort would be one voice many times."""

_AGAIN = "run `ivr calibrate` again."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """Voices of many people, without names: vectors only, made by one encoder."""

    encoder: EncoderId
    weights_sha256: str

    vectors: NDArray[np.float32] = field(repr=False)
    """Shape (people, dimension), length one each."""

    def normalised(self, score: float, first: Vector, second: Vector) -> float:
        """The score in standard deviations above how alike each side is to its closest strangers.

        Adaptive symmetric normalisation with those who are closest: Matejka et al., "Analysis of
        score normalization in multilingual speaker recognition", Interspeech 2017, section 2.3.
        """
        sides = closest_strangers(self.vectors, np.stack([first, second]))
        return float(np.mean((score - sides[:, 0]) / sides[:, 1]))


def closest_strangers(
    cohort: NDArray[np.float32],
    vectors: NDArray[np.float32],
    owners: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Mean and spread of each vector's highest cosines with the cohort, shape (vectors, 2).

    `vectors` has shape (n, dimension). `owners`, shape (n,), is the place in the cohort that is
    the vector's own person, who is left out; -1 where nobody is.

    Raises:
        CalibrationUnusable: the cohort holds too few voices.
    """
    alike = vectors.astype(np.float64) @ cohort.astype(np.float64).T
    if owners is not None:
        is_own = owners >= 0
        alike[np.flatnonzero(is_own), owners[is_own]] = -np.inf
    count = min(max(len(cohort) // _SHARE, FEWEST), _MOST)
    if len(cohort) <= FEWEST:
        raise CalibrationUnusable(f"A cohort needs more than {FEWEST} voices.")
    top = np.partition(alike, -count, axis=1)[:, -count:]
    spread = np.maximum(top.std(axis=1), _NARROWEST)
    return np.stack([top.mean(axis=1), spread], axis=1)


def write_cohort(cohort: Cohort, file: Path) -> str:
    """Keep the cohort in half precision; returns the sha256 of the file.

    Raises:
        CalibrationUnusable: the file cannot be written.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as target:
            np.savez(
                target,
                vectors=cohort.vectors.astype(np.float16),
                encoder=np.array(str(cohort.encoder)),
                weights_sha256=np.array(cohort.weights_sha256),
            )
        draft.replace(file)
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as err:
        draft.unlink(missing_ok=True)
        raise CalibrationUnusable(
            "The cohort could not be written; check the folder and the space left."
        ) from err


def read_cohort(file: Path, *, sha256: str, encoder: EncoderId, weights_sha256: str) -> Cohort:
    """The cohort in `file`, if it is the one whose `sha256` a calibration names.

    Raises:
        CalibrationUnusable: it is absent, another one, or made by another encoder.
    """
    try:
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CalibrationUnusable(f"The cohort is not the calibration's own; {_AGAIN}")
        with np.load(BytesIO(content), allow_pickle=False) as found:
            cohort = Cohort(
                encoder=EncoderId(str(found["encoder"])),
                weights_sha256=str(found["weights_sha256"]),
                vectors=found["vectors"].astype(np.float32),
            )
    except FileNotFoundError as err:
        raise CalibrationUnusable(f"The calibration's cohort is missing; {_AGAIN}") from err
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as err:
        raise CalibrationUnusable(f"The calibration's cohort is damaged; {_AGAIN}") from err
    if (cohort.encoder, cohort.weights_sha256) != (encoder, weights_sha256):
        raise CalibrationUnusable(f"The cohort was made by another encoder; {_AGAIN}")
    return cohort
