"""Turns of callers whose mood is known, over telephone lines, to train and to test on."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator

from biometrics import SpanSettings, Speech, SpeechDetector, Waveform, find_speech, read_recording
from biometrics.liveness.lines import line_by_dice, over_line
from ivr.understand.baseline import Baseline
from ivr.understand.prosody import Prosody, prosody

ANGER = "anger"
_LETTERS = {
    "W": ANGER,
    "N": "neutral",
    "L": "boredom",
    "T": "sadness",
    "F": "joy",
    "A": "fear",
    "E": "disgust",
}
"""The sixth letter of a file's name in the Berlin Database of Emotional Speech."""

_USUAL_TURNS = 2
_LONGEST_MS = 8_000


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
            found.append(Recording(path=path, set=name, speaker=speaker, mood="neutral"))
    return found


def examples(
    recordings: Sequence[Recording], detector: SpeechDetector, chance: Generator, *, lines: int
) -> Iterator[Example]:
    """Every recording over `lines` lines; those of one speaker share each line and the usual.

    What is said first by a speaker of whom there are enough calm recordings makes the usual and
    is no example itself.
    """
    spoken: defaultdict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        spoken[recording.speaker].append(recording)
    for of_one in spoken.values():
        for _ in range(lines):
            yield from _one_call(of_one, detector, chance)


def _one_call(
    recordings: Sequence[Recording], detector: SpeechDetector, chance: Generator
) -> Iterator[Example]:
    line = line_by_dice(chance)
    neutral = [one for one in recordings if one.mood == "neutral"]
    first: list[Recording] = []
    if len(neutral) > _USUAL_TURNS:
        first = [neutral[at] for at in chance.choice(len(neutral), _USUAL_TURNS, replace=False)]
    usual, usual_db = Baseline(), None
    for recording in [*first, *(one for one in recordings if one not in first)]:
        sound = read_recording(recording.path, longest_ms=_LONGEST_MS)
        level_db = _level_db(sound)
        usual_db = level_db if usual_db is None else usual_db
        level = line.level_dbfs + float(np.clip(level_db - usual_db, -15, 12))
        heard = over_line(sound, replace(line, level_dbfs=min(level, -8.0)), chance)
        turn = prosody(speech_in(heard, detector))
        if turn is None:
            continue
        if recording in first:
            usual = usual.after(turn)
        else:
            yield Example(recording=recording, turn=turn, usual=usual)


def speech_in(sound: Waveform, detector: SpeechDetector) -> Speech:
    """The speech as the product finds it."""
    return find_speech(sound, detector, SpanSettings())


def _level_db(sound: Waveform) -> float:
    return 10 * math.log10(float(np.mean(np.square(sound.samples))) + 1e-9)
