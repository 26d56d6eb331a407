"""Parts that sounds are made of: hiss, tones, knocks, notes, a throat without words."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

RATE_HZ = 8_000

Samples = NDArray[np.float64]

_DEEPEST_HZ = 80.0
"""What is below does not reach the far end of a line."""


def hiss(rng: Generator, samples: int, *, slope: float) -> Samples:
    """Noise whose power falls with the frequency to the power `slope`; 0 is white, 1 pink.

    It begins where telephones begin to hear: the deepest would make up most of the level.
    """
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.fft.rfftfreq(samples, 1 / RATE_HZ)
    falling = np.where(hz < _DEEPEST_HZ, 0.0, np.maximum(hz, 1.0) ** (-slope / 2))
    return np.asarray(np.fft.irfft(spectrum * falling, samples), np.float64)


def band(rng: Generator, samples: int, *, low_hz: float, high_hz: float) -> Samples:
    """Noise around the middle of the two frequencies, fading beyond them."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.fft.rfftfreq(samples, 1 / RATE_HZ)
    inside = np.exp(-(((hz - (low_hz + high_hz) / 2) / (high_hz - low_hz)) ** 2) * 2)
    return np.asarray(np.fft.irfft(spectrum * inside, samples), np.float64)


def seconds(samples: int) -> Samples:
    return np.arange(samples) / RATE_HZ


def tone(samples: int, *hz: float) -> Samples:
    time = seconds(samples)
    return np.asarray(sum(np.sin(2 * np.pi * each * time) for each in hz), np.float64)


def placed(
    rng: Generator, samples: int, event: Callable[[], Samples], *, gaps_s: tuple[float, float]
) -> Samples:
    """The event again and again, with pauses between these lengths."""
    sound = np.zeros(samples)
    at = int(rng.uniform(*gaps_s) * RATE_HZ)
    while at < samples:
        one = event()[: samples - at]
        sound[at : at + len(one)] += one * rng.uniform(0.3, 1.0)
        at += len(one) + int(rng.uniform(*gaps_s) * RATE_HZ)
    return sound


def click(rng: Generator) -> Samples:
    """A key of a keyboard: 2 to 20 ms."""
    length = int(rng.uniform(0.002, 0.02) * RATE_HZ)
    return np.asarray(
        rng.standard_normal(length) * np.exp(-np.arange(length) * 6 / length), np.float64
    )


def thud(rng: Generator) -> Samples:
    """Something is put down: 50 to 200 ms."""
    length = int(rng.uniform(0.05, 0.2) * RATE_HZ)
    fading = np.exp(-np.arange(length) * 6 / length)
    return (
        tone(length, rng.uniform(90, 250)) * fading
        + 0.3 * band(rng, length, low_hz=100, high_hz=900) * fading
    )


def note(rng: Generator, hz: float, length: int, *, vibrato: float, fades: float) -> Samples:
    """One note with overtones; a vibrato of 0.01 moves it by a hundredth."""
    time = seconds(length)
    phase = 2 * np.pi * hz * (time + vibrato / 32 * np.sin(2 * np.pi * 5 * time))
    overtones = [rng.uniform(0.2, 1) / n * np.sin(n * phase) for n in range(1, 7)]
    attack = np.minimum(time / 0.02, 1.0)
    return np.asarray(np.sum(overtones, axis=0) * attack * np.exp(-fades * time), np.float64)


def throat(rng: Generator, pitch_hz: Samples, *, formants_hz: tuple[float, ...]) -> Samples:
    """Vocal cords at this pitch behind resonances: what is closest to speech without words."""
    turns = np.cumsum(pitch_hz * (1 + 0.01 * rng.standard_normal(len(pitch_hz)))) / RATE_HZ
    spectrum = np.fft.rfft(turns % 1.0 - 0.5)
    hz = np.fft.rfftfreq(len(pitch_hz), 1 / RATE_HZ)
    shape = 0.02 + sum(np.exp(-(((hz - formant) / 150) ** 2)) for formant in formants_hz)
    return np.asarray(np.fft.irfft(spectrum * shape, len(pitch_hz)), np.float64)
