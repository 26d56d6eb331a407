"""Measures how fingerprints tell copies from others: `python -m biometrics.liveness.replays`.

Every two recordings of one person are compared for false alarms, and every recording with what is
left of it after each of a list of mishaps for detections.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.liveness.fingerprint import Fingerprint, difference, fingerprint
from biometrics.liveness.lines import Line, over_line
from biometrics.liveness.rates import Rate
from biometrics.recordings import read_recording
from biometrics.resample import resampled
from biometrics.silero import load_silero
from biometrics.speech import SpanSettings, Speech, SpeechDetector, find_speech
from biometrics.waveform import Waveform

_SEED = 20_260
_LONGEST_MS = 8_000
_PEOPLE = 12
"""Recordings of each person that are compared with each other, where there are so many."""
_COPIES = 100
"""Recordings that are copied."""

_CLEAN = Line(
    codec="mulaw",
    low_hz=100,
    high_hz=3_800,
    tilt_db=0,
    echo_ms=0,
    snr_db=60,
    noise_tilt=1,
    level_dbfs=-20,
)
_HANDSET = replace(_CLEAN, low_hz=320, high_hz=3_200, tilt_db=8, snr_db=25)
MISHAPS: Mapping[str, Line] = {
    "mu-law again": _CLEAN,
    "A-law, 12 dB softer": replace(_CLEAN, codec="alaw", level_dbfs=-32),
    "GSM": replace(_CLEAN, codec="gsm"),
    "Opus at 8 kHz": replace(_CLEAN, codec="opus"),
    "noise at 20 dB": replace(_CLEAN, snr_db=20),
    "noise at 10 dB": replace(_CLEAN, snr_db=10),
    "noise at 5 dB": replace(_CLEAN, snr_db=5),
    "a handset": _HANDSET,
    "a room of 300 ms": replace(_CLEAN, echo_ms=300, snr_db=30),
    "room, handset, GSM": replace(_HANDSET, codec="gsm", echo_ms=250, snr_db=20),
    "2 % faster": _CLEAN,
    "5 % faster": _CLEAN,
}
_SPEEDS = {"2 % faster": 1.02, "5 % faster": 1.05}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was measured; write it as JSON too where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="manifest.csv of recordings of people")
    parser.add_argument("--threshold", type=float, default=0.30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    found = measured(options.manifest, options.threshold)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def measured(manifest: Path, threshold: float) -> dict[str, object]:
    """False alarms and detections at a threshold."""
    detector = load_silero()
    people = _people(manifest)
    chance = np.random.default_rng(_SEED)
    prints = {who: [_print(path, detector, chance) for path in paths] for who, paths in people}
    other = [
        difference(first, second)
        for kept in prints.values()
        for first, second in combinations(kept, 2)
        if first.has_a_block and second.has_a_block
    ]
    paths = [path for _, some in people for path in some]
    copied = [paths[place] for place in chance.permutation(len(paths))[:_COPIES]]
    return {
        "threshold": threshold,
        "people": len(people),
        "false_alarms": _told(np.array(other) < threshold),
        "least_difference": float(min(other)),
        "least_differences_percentiles": np.percentile(other, [0.01, 0.1, 1, 50]).tolist(),
        "detections": dict(_copies(copied, detector, threshold)),
    }


def _copies(
    paths: Sequence[Path], detector: SpeechDetector, threshold: float
) -> Iterator[tuple[str, object]]:
    for place, (name, line) in enumerate(MISHAPS.items()):
        chance = np.random.default_rng([_SEED, place])
        found = [_copied(path, name, line, detector, chance) for path in paths]
        heard = np.array([one for one in found if one is not None])
        yield name, {**_told(heard < threshold), "median_difference": float(np.median(heard))}


def _copied(
    path: Path, name: str, line: Line, detector: SpeechDetector, chance: np.random.Generator
) -> float | None:
    """How a copy that begins somewhere else differs; None where either is too short."""
    sound = _narrow(path)
    kept = fingerprint(_heard(over_line(sound, _CLEAN, chance), detector))
    played = sound.cut(int(chance.integers(50, 700)), sound.duration_ms)
    if name in _SPEEDS:
        faster = round(played.rate_hz * _SPEEDS[name])
        played = resampled(replace(played, rate_hz=faster), sound.rate_hz)
    heard = fingerprint(_heard(over_line(played, line, chance), detector))
    return difference(heard, kept) if heard.has_a_block and kept.has_a_block else None


def _people(manifest: Path) -> list[tuple[tuple[str, str], list[Path]]]:
    """Everybody of whom several recordings of more than two seconds are kept for evaluation."""
    found: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    with manifest.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            most = 12 * _PEOPLE if row["set"] == "kerstin" else _PEOPLE
            who = (row["set"], row["speaker"])
            is_long = int(row["ms"]) > 2_500  # noqa: PLR2004 - a block and a little
            if row["path"].startswith("eval/") and is_long and len(found[who]) < most:
                found[who].append(manifest.parent / row["path"])
    return [(who, paths) for who, paths in sorted(found.items()) if len(paths) > 1]


def _print(path: Path, detector: SpeechDetector, chance: np.random.Generator) -> Fingerprint:
    return fingerprint(_heard(over_line(_narrow(path), _CLEAN, chance), detector))


def _narrow(path: Path) -> Waveform:
    return resampled(read_recording(path, longest_ms=_LONGEST_MS), 8_000)


def _heard(sound: Waveform, detector: SpeechDetector) -> Speech:
    return find_speech(sound, detector, SpanSettings())


def _told(hits: NDArray[np.bool_]) -> dict[str, object]:
    rate = Rate(errors=int(hits.sum()), trials=len(hits))
    return {"of": rate.trials, "found": rate.errors, "share": rate.share, "limits": rate.limits}


if __name__ == "__main__":
    main()
