"""`python -m biometrics.encoders.speed DIR`: how long 3 s take, against the usual encoder.

The usual one is SpeechBrain's ECAPA of 1024 channels on torch, with weights that know nobody, since
time does not depend on them. All run in turns on one processor core, in a process of their own:
threads that an engine has begun elsewhere would not stay on that core.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from biometrics.encoder import Encoder
from biometrics.encoders.known import load_encoder
from biometrics.encoders.network_encoder import NetworkEngine
from biometrics.errors import VoiceProblem
from biometrics.waveform import Waveform

SOUND_MS = 3_000
USUAL = "ECAPA of 1024 channels, torch"

_ROUNDS = 30
_WARMING_ROUNDS = 3

Clock = Callable[[], float]
"""Seconds that only count up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How long one encoder took."""

    name: str
    least_ms: float
    median_ms: float


def measure_speed(
    encoders: Mapping[str, Encoder], *, rounds: int = _ROUNDS, clock: Clock = perf_counter
) -> tuple[Speed, ...]:
    """Every encoder once a round, so that whatever else runs here disturbs all of them alike."""
    sounds = {name: _sound(encoder.rate_hz) for name, encoder in encoders.items()}
    took: dict[str, list[float]] = {name: [] for name in encoders}
    for round_ in range(_WARMING_ROUNDS + rounds):
        for name, encoder in encoders.items():
            begun = clock()
            encoder.encode(sounds[name])
            took_ms = 1_000 * (clock() - begun)
            if round_ >= _WARMING_ROUNDS:
                took[name].append(took_ms)
    return tuple(
        Speed(name=name, least_ms=min(ms), median_ms=median(ms)) for name, ms in took.items()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    (folder,) = sys.argv[1:] if arguments is None else arguments
    _stay_on_one_core()
    try:
        encoders: dict[str, Encoder] = {
            f"{encoder.id}, {engine}": encoder
            for engine in NetworkEngine
            for encoder in [load_encoder(Path(folder), engine=engine)]
        }
    except VoiceProblem as err:
        sys.stderr.write(f"{err.sentence}\n")
        return 1
    speeds = measure_speed({**encoders, USUAL: _usual()})
    sys.stdout.write(json.dumps([asdict(speed) for speed in speeds]) + "\n")
    return 0


def _stay_on_one_core() -> None:
    # Where the system cannot say it, the engines use one thread each all the same.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _usual() -> Encoder:
    # Torch and SpeechBrain take seconds to import and are only needed here.
    from biometrics.encoders.ecapa_torch import unlearned_ecapa  # noqa: PLC0415

    return unlearned_ecapa(channels=1_024)


def _sound(rate_hz: int) -> Waveform:
    samples = np.random.default_rng(3).normal(0, 0.1, rate_hz * SOUND_MS // 1_000)
    return Waveform(samples=samples.astype(np.float32), rate_hz=rate_hz)


if __name__ == "__main__":
    sys.exit(main())
