"""The recordings that an encoder learns from."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.recordings import read_recording
from biometrics.resample import resampled

RATE_HZ = 16_000
"""What the teacher hears; the line narrows it later."""

_LONGEST_MS = 12_000
_SHORTEST_MS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One file of a corpus."""

    path: Path
    set: str
    speaker: str | None
    """Unique within its set; None when nobody wrote down who speaks."""


Person = tuple[str, str]
"""Family of a set, and name within it."""


def read_manifest(file: Path, *, kept_out: frozenset[Person]) -> list[Recording]:
    """The training recordings in a manifest with columns path, set, speaker, ms.

    Paths that begin with `eval/` are for evaluation and left out, and so is everybody in
    `kept_out`. A set whose name ends in `_unlabelled`, or that has a single
    speaker over more than a thousand recordings, has no usable labels.

    Raises:
        FileNotFoundError: no such manifest.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not row["path"].startswith("eval/")]
    speakers: dict[str, set[str]] = {}
    for row in rows:
        speakers.setdefault(row["set"], set()).add(row["speaker"])
    return [
        Recording(
            path=file.parent / row["path"],
            set=row["set"],
            speaker=row["speaker"] if _is_labelled(row["set"], speakers) else None,
        )
        for row in rows
        if _person(row) not in kept_out
    ]


def speakers_for_evaluation(file: Path) -> frozenset[Person]:
    """Everybody whom the manifest keeps for evaluation."""
    with file.open(encoding="utf-8", newline="") as lines:
        return frozenset(
            _person(row) for row in csv.DictReader(lines) if row["path"].startswith("eval/")
        )


def _person(row: dict[str, str]) -> Person:
    """LibriSpeech and what was made from it, such as LibriTTS, number the same readers alike."""
    return ("libri" if row["set"].startswith("libri") else row["set"], row["speaker"])


def _is_labelled(name: str, speakers: dict[str, set[str]]) -> bool:
    return not name.endswith("_unlabelled") and len(speakers[name]) > 1


def load(recording: Recording) -> NDArray[np.float32] | None:
    """Samples at 16 kHz, at most twelve seconds; None when there is too little."""
    found = resampled(read_recording(recording.path), RATE_HZ).cut(0, _LONGEST_MS)
    return found.samples if found.duration_ms >= _SHORTEST_MS else None


def labels(recordings: Sequence[Recording]) -> list[int]:
    """A number for each speaker, -1 for recordings that nobody labelled."""
    numbers: dict[tuple[str, str], int] = {}
    return [
        -1
        if recording.speaker is None
        else numbers.setdefault((recording.set, recording.speaker), len(numbers))
        for recording in recordings
    ]


def shares(recordings: Sequence[Recording]) -> list[float]:
    """How often each recording is drawn.

    A set weighs as the square root of its recordings times the fourth root of its speakers, so
    that a large set of few people does not drown a smaller one of many.
    """
    sizes = Counter(recording.set for recording in recordings)
    people: dict[str, set[object]] = {}
    for place, recording in enumerate(recordings):
        # Where nobody is named, perhaps every tenth recording is somebody else.
        person: object = recording.speaker if recording.speaker is not None else place // 10
        people.setdefault(recording.set, set()).add(person)
    weights = {name: size**0.5 * len(people[name]) ** 0.25 for name, size in sizes.items()}
    return [weights[recording.set] / sizes[recording.set] for recording in recordings]
