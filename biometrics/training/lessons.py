"""What the student learns from, prepared once.

Sound of the telephone's rate lies beside what the teacher hears in the wideband original.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.resample import resampled
from biometrics.training.corpus import RATE_HZ, Recording, load
from biometrics.training.teacher import Teacher
from biometrics.training.variants import Variant, changed
from biometrics.waveform import Waveform

LINE_HZ = 8_000
HINTS = 128
"""Values kept of each of the teacher's frames: the directions in which they vary most."""

_BASIS_FROM = 400
"""Recordings that the directions are computed from."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """The directions in which the teacher's frames vary most."""

    mean: NDArray[np.float32]
    directions: NDArray[np.float32]
    """Shape (512, 128)."""
    scale: float
    """Standard deviation of the first direction; hints are 32nds of it, in whole numbers."""

    def hints(self, frames: NDArray[np.float32]) -> NDArray[np.int8]:
        """Shape (moments, 128)."""
        values = (frames - self.mean) @ self.directions / self.scale * 32
        return np.clip(np.rint(values), -127, 127).astype(np.int8)


def basis_of(teacher: Teacher, recordings: Sequence[Recording]) -> Basis:
    """Principal components of the teacher's frames over some of the recordings."""
    step = max(len(recordings) // _BASIS_FROM, 1)
    found = (load(recording) for recording in recordings[::step])
    frames = np.concatenate([teacher.listen(one).frames for one in found if one is not None])
    mean = frames.mean(axis=0)
    _, sizes, directions = np.linalg.svd(frames - mean, full_matrices=False)
    scale = float(sizes[0] / np.sqrt(len(frames)))
    return Basis(mean=mean, directions=np.ascontiguousarray(directions[:HINTS].T), scale=scale)


def save_basis(basis: Basis, file: Path) -> None:
    np.savez(file, mean=basis.mean, directions=basis.directions, scale=basis.scale)


def read_basis(file: Path) -> Basis:
    with np.load(file) as found:
        return Basis(
            mean=found["mean"], directions=found["directions"], scale=float(found["scale"])
        )


def prepare(  # noqa: PLR0913 - what is prepared, how, and who is told
    recordings: Sequence[Recording],
    variant: Variant,
    folder: Path,
    *,
    teacher: Teacher,
    basis: Basis,
    progress: Callable[[int, int], None],
) -> None:
    """Write the lessons of one variant of `recordings` to `folder`; nothing if they are there."""
    if (folder / "index.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    index: list[dict[str, int]] = []
    voices: list[NDArray[np.float32]] = []
    with (folder / "sound.i16").open("wb") as sound, (folder / "hints.i8").open("wb") as hints:
        for place, samples in _changed(recordings, variant):
            lesson = teacher.listen(samples)
            narrow = _narrow(samples)
            small = basis.hints(lesson.frames)
            index.append(
                {
                    "recording": place,
                    "sound": sound.tell() // 2,
                    "samples": len(narrow),
                    "hints": hints.tell() // HINTS,
                    "moments": len(small),
                }
            )
            sound.write(narrow.tobytes())
            hints.write(small.tobytes())
            voices.append(lesson.voice)
            progress(place + 1, len(recordings))
    np.save(folder / "voices.npy", np.stack(voices))
    draft = folder / "index.json.part"
    draft.write_text(json.dumps(index), encoding="utf-8")
    draft.replace(folder / "index.json")


def _changed(
    recordings: Sequence[Recording], variant: Variant
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    for place, recording in enumerate(recordings):
        samples = load(recording)
        if samples is not None:
            yield place, _even(changed(samples, variant))


def _even(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Whole quarters of a second: planning for a length not met before takes the teacher long."""
    quarter = RATE_HZ // 4
    return samples[: max(len(samples) // quarter, 1) * quarter]


def _narrow(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """At the rate of the line, at a common level."""
    narrow = resampled(Waveform(samples=samples, rate_hz=RATE_HZ), LINE_HZ).samples
    peak = float(np.max(np.abs(narrow)))
    return np.asarray(np.rint(narrow * (0.7 * 32767 / max(peak, 1e-4))), dtype=np.int16)
