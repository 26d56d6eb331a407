"""What else is heard on a call: other people, and noise from a hiss to a rumble."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from biometrics.errors import UnreadableRecording
from biometrics.labelled import Labelled
from biometrics.recordings import read_recording
from biometrics.telephone import Codec, over_telephone

Sound = NDArray[np.float32]

_TALKERS = 5
"""So many at once are a murmur, in which no word can be followed."""

_STEEPEST = 2.0
"""Of the power's fall with frequency: 0 is white, 1 pink, 2 brown noise."""

_PAUSE = 10 ** (-15.9 / 10)
_ROUNDS = 8
"""After so many the level no longer changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noises:
    """Noise at 8 kHz, half of it other people's voices where there are enough of them."""

    voices: tuple[tuple[str, Sound], ...] = field(repr=False, default=())
    """Who speaks, and speech of level one."""

    def beside(self, person: str, samples: int, *, seed: int) -> Sound:
        """Noise of level one without the voice of `person`, shape (samples,)."""
        rng = np.random.default_rng(seed)
        others = [voice for name, voice in self.voices if name != person]
        if len(others) >= _TALKERS and rng.random() < 0.5:  # noqa: PLR2004 - one of two kinds
            return _murmur(others, samples, rng)
        return _coloured(samples, rng)


def noises_from(recordings: Sequence[Labelled], *, most: int, seed: int) -> Noises:
    """A murmur made of the beginnings of at most `most` recordings, one a person first."""
    rng = np.random.default_rng(seed)
    shuffled = [recordings[place] for place in rng.permutation(len(recordings))]
    once = {entry.person: entry for entry in reversed(shuffled)}
    voices: list[tuple[str, Sound]] = []
    for entry in list(once.values())[:most]:
        try:
            sound = over_telephone(read_recording(entry.file, longest_ms=10_000), Codec.NONE)
        except UnreadableRecording:
            continue
        if (level := _level(sound.samples)) > 0 and np.isfinite(level):
            voices.append((entry.person, np.asarray(sound.samples / level, np.float32)))
    return Noises(voices=tuple(voices))


def active_level(samples: Sound, *, rate_hz: int) -> float:
    """Root mean square of what is spoken: of frames of 20 ms that are not pauses.

    After ITU-T P.56, method B: a frame is a pause that lies 15.9 dB below the level of the rest.
    """
    width = rate_hz // 50
    whole = samples[: len(samples) // width * width].reshape(-1, width)
    powers = np.mean(np.square(whole, dtype=np.float64), axis=1)
    level = float(powers.mean()) if len(powers) else 0.0
    for _ in range(_ROUNDS):
        level = float(powers[powers >= level * _PAUSE].mean()) if level else 0.0
    return math.sqrt(level)


def with_noise(speech: Sound, noise: Sound, *, snr_db: int, level: float) -> Sound:
    """Speech whose spoken stretches have the root mean square `level`, and the noise below it."""
    noisy = speech + noise * np.float32(level * 10 ** (-snr_db / 20))
    return np.asarray(noisy, dtype=np.float32)


def _murmur(voices: Sequence[Sound], samples: int, rng: Generator) -> Sound:
    chosen = [voices[place] for place in rng.choice(len(voices), _TALKERS, replace=False)]
    rolled = [np.roll(np.resize(voice, samples), rng.integers(samples + 1)) for voice in chosen]
    return _of_level_one(np.sum(rolled, axis=0))


def _coloured(samples: int, rng: Generator) -> Sound:
    spectrum = np.fft.rfft(rng.normal(size=samples))
    slope = rng.uniform(0, _STEEPEST) / 2
    falling = np.maximum(np.arange(len(spectrum)), 1) ** -slope
    return _of_level_one(np.fft.irfft(spectrum * falling, samples))


def _of_level_one(sound: NDArray[np.floating]) -> Sound:
    return np.asarray(sound / max(_level(sound), 1e-9), dtype=np.float32)


def _level(sound: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0
