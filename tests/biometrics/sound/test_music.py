"""Notes stay where they are."""

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform
from biometrics.sound.music import steadiness

RATE_HZ = 8000


def steady(samples: NDArray[np.float64]) -> float:
    return steadiness(Waveform(samples=samples.astype(np.float32), rate_hz=RATE_HZ))


def chords(seconds: int) -> NDArray[np.float64]:
    times = np.arange(RATE_HZ) / RATE_HZ
    bars = [
        sum(np.sin(2 * np.pi * hz * n * times) / n for hz in chord for n in (1, 2, 3, 4))
        * np.exp(-times)
        for chord in ((262, 330, 392), (294, 349, 440), (247, 294, 392))
    ]
    return 0.1 * np.concatenate([bars[n % 3] for n in range(seconds)])


def test_what_is_shorter_than_a_second_has_none() -> None:
    assert steady(np.zeros(0)) == 0.0
    assert steady(chords(1)[:4_000]) == 0.0


def test_noise_and_silence_are_no_music() -> None:
    assert steady(np.random.default_rng(3).normal(0, 0.1, 40_000)) < 2.0
    assert steady(np.zeros(40_000)) == 0.0


def test_a_gliding_voice_is_no_music() -> None:
    seconds = np.arange(40_000) / RATE_HZ
    pitch = 2 * np.pi * np.cumsum(130 + 25 * np.sin(2 * np.pi * 1.7 * seconds)) / RATE_HZ

    assert steady(np.asarray(sum(np.sin(n * pitch) / n for n in range(1, 20)) * 0.1)) < 3.0


def test_chords_are_music_also_under_noise() -> None:
    noise = np.random.default_rng(3).normal(0, 0.02, 6 * RATE_HZ)

    assert steady(chords(6)) > 3.2
    assert steady(chords(6) + noise) > 3.2
