"""Turns of callers whose mood is known, over telephone lines, to train and to test on."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from biometrics import (
    SpanSettings,
    Speech,
    SpeechDetector,
    Waveform,
    find_speech,
    read_recording,
    resampled,
)
from biometrics.liveness.lines import line_by_dice, over_line
from ivr.understand.baseline import Baseline
from ivr.understand.prosody import Prosody, prosody

ANGER = "anger"
NEUTRAL = "neutral"
_LETTERS = {
    "W": ANGER,
    "N": NEUTRAL,
    "L": "boredom",
    "T": "sadness",
    "F": "joy",
    "A": "fear",
    "E": "disgust",
}
"""The sixth letter of a file's name in the Berlin Database of Emotional Speech."""

_USUAL_TURNS = 2
_LONGEST_MS = 8_000
_TALKERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording and how it was said."""

    path: Path
    set: str
    speaker: str
    mood: str
    """One of the seven of the Berlin database; read sentences and commands are neutral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One turn as the product measures it."""

    recording: Recording
    turn: Prosody
    usual: Baseline
    """Of two calm turns over the same line; empty where the caller was heard once."""

    @property
    def is_upset(self) -> bool:
        return self.recording.mood == ANGER


def berlin(folder: Path) -> list[Recording]:
    """The recordings of the Berlin database in `folder`, such as 03a01Wa.wav."""
    return [
        Recording(path=path, set="emodb", speaker=path.name[:2], mood=_LETTERS[path.name[5]])
        for path in sorted(folder.glob("*.wav"))
    ]


def calm(manifest: Path, *, part: str, most: Mapping[str, int]) -> list[Recording]:
    """Calm speech that `manifest` lists under `part`/: up to so many recordings of each set.

    They are spread over the speakers.
    """
    with manifest.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["path"].startswith(f"{part}/")]
    found: list[Recording] = []
    for name, count in most.items():
        rows_of = [row for row in rows if row["set"] == name]
        for row in rows_of[:: max(len(rows_of) // count, 1)][:count]:
            path, speaker = manifest.parent / row["path"], f"{name}/{row['speaker']}"
            found.append(Recording(path=path, set=name, speaker=speaker, mood=NEUTRAL))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where the calls are made from."""

    snr_db: float | None = None
    """Of the noise; None leaves it to chance, from 8 to 45."""

    talk: tuple[Path, ...] = ()
    """Recordings of people who talk behind the caller."""

    talk_below_db: float = 10.0


_ANYWHERE = Surroundings()


def examples(
    recordings: Sequence[Recording],
    detector: SpeechDetector,
    chance: Generator,
    *,
    lines: int = 1,
    surroundings: Surroundings = _ANYWHERE,
) -> Iterator[Example]:
    """Every recording over `lines` lines; those of one speaker share each line and the usual.

    Two calm recordings of a speaker of whom there are enough make the usual and are no examples
    themselves.
    """
    spoken: defaultdict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        spoken[recording.speaker].append(recording)
    for of_one in spoken.values():
        for _ in range(lines):
            yield from _one_call(of_one, detector, chance, surroundings)


def _one_call(
    recordings: Sequence[Recording],
    detector: SpeechDetector,
    chance: Generator,
    surroundings: Surroundings,
) -> Iterator[Example]:
    line = line_by_dice(chance)
    if surroundings.snr_db is not None:
        line = replace(line, snr_db=surroundings.snr_db)
    calm_ones = [one for one in recordings if one.mood == NEUTRAL]
    first: list[Recording] = []
    if len(calm_ones) > _USUAL_TURNS:
        picked = chance.choice(len(calm_ones), _USUAL_TURNS, replace=False)
        first = [calm_ones[at] for at in picked]
    usual = Baseline()
    for recording in [*first, *(one for one in recordings if one not in first)]:
        sound = _among(read_recording(recording.path, longest_ms=_LONGEST_MS), surroundings, chance)
        turn = prosody(speech_in(over_line(sound, line, chance), detector))
        if turn is None:
            continue
        if recording in first:
            usual = usual.after(turn)
        else:
            yield Example(recording=recording, turn=turn, usual=usual)


def _among(sound: Waveform, surroundings: Surroundings, chance: Generator) -> Waveform:
    """The sound with the talk behind it."""
    samples = sound.samples.astype(np.float64)
    for path in chance.permutation(np.asarray(surroundings.talk, dtype=object))[:_TALKERS]:
        other = resampled(read_recording(path, longest_ms=_LONGEST_MS), sound.rate_hz).samples
        other = np.resize(other, len(samples))
        below = 10 ** (-surroundings.talk_below_db / 20) / math.sqrt(_TALKERS)
        samples += other * (_strength(sound.samples) / _strength(other)) * below
    return Waveform(samples=samples.astype(np.float32), rate_hz=sound.rate_hz)


def _strength(samples: NDArray[np.float32]) -> float:
    return math.sqrt(float(np.mean(np.square(samples)))) + 1e-6


def speech_in(sound: Waveform, detector: SpeechDetector) -> Speech:
    """The speech as the product finds it."""
    return find_speech(sound, detector, SpanSettings())
