"""New voices from known ones."""

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.training.variants import Variant, changed

RATE = 16_000


def vowel(pitch_hz: int, formant_hz: int) -> NDArray[np.float32]:
    """Half a second of harmonics of `pitch_hz`, strongest at `formant_hz`."""
    seconds = np.arange(RATE // 2) / RATE
    harmonics = np.arange(pitch_hz, 7_000, pitch_hz)
    weights = 1 / (1 + ((harmonics - formant_hz) / 200) ** 2)
    return (np.sin(2 * np.pi * np.outer(seconds, harmonics)) @ weights * 0.02).astype(np.float32)


def strongest_hz(sound: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * RATE / len(sound))


def pitch_hz(sound: NDArray[np.float32]) -> float:
    middle = sound[len(sound) // 4 : 3 * len(sound) // 4]
    alike = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    return RATE / (80 + int(np.argmax(alike[80:400])))


def test_nothing_changed_is_the_same_sound() -> None:
    sound = vowel(120, 900)

    assert np.array_equal(sound, changed(sound, Variant()))


@pytest.mark.parametrize("speed", [0.82, 1.2])
def test_a_faster_voice_is_shorter_and_higher(speed: float) -> None:
    sound = vowel(120, 900)

    faster = changed(sound, Variant(speed=speed))

    assert len(faster) == pytest.approx(len(sound) / speed, abs=2)
    assert pitch_hz(faster) == pytest.approx(120 * speed, rel=0.05)


@pytest.mark.parametrize("factor", [0.9, 1.12])
def test_another_throat_keeps_length_and_pitch_and_moves_the_formant(factor: float) -> None:
    sound = vowel(100, 1_000)

    other = changed(sound, Variant(formants=factor))

    assert len(other) == len(sound)
    assert pitch_hz(other) == pytest.approx(100, rel=0.03)
    assert strongest_hz(other) == pytest.approx(1_000 * factor, abs=101)
    assert strongest_hz(other) != strongest_hz(sound)
