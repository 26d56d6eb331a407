"""Keys and network tones are found; voices and noise are none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import Waveform
from biometrics.sound.tones import Tones, tones

RATE_HZ = 8000
LOW_HZ = (697, 770, 852, 941)
HIGH_HZ = (1209, 1336, 1477, 1633)


def sine(hz: float, ms: int, level: float = 0.2) -> NDArray[np.float64]:
    return level * np.sin(2 * np.pi * hz * np.arange(ms * 8) / RATE_HZ)


def heard(samples: NDArray[np.float64]) -> Tones:
    return tones(Waveform(samples=samples.astype(np.float32), rate_hz=RATE_HZ))


def test_silence_and_an_empty_recording_have_no_tones() -> None:
    assert heard(np.zeros(8_000)) == Tones(keys_ms=0, steady_ms=0)
    assert heard(np.zeros(0)) == Tones(keys_ms=0, steady_ms=0)


def test_noise_has_no_tones() -> None:
    assert heard(np.random.default_rng(3).normal(0, 0.1, 24_000)) == Tones(keys_ms=0, steady_ms=0)


def test_a_voice_that_glides_and_has_many_harmonics_has_no_tones() -> None:
    seconds = np.arange(24_000) / RATE_HZ
    pitch = 2 * np.pi * np.cumsum(130 + 25 * np.sin(2 * np.pi * 1.7 * seconds)) / RATE_HZ
    voice = sum(np.sin(n * pitch) / n for n in range(1, 20)) * 0.1

    assert heard(np.asarray(voice)) == Tones(keys_ms=0, steady_ms=0)


@pytest.mark.parametrize("low", LOW_HZ)
@pytest.mark.parametrize("high", HIGH_HZ)
def test_every_key_is_found_even_if_it_is_out_of_tune(low: int, high: int) -> None:
    """ITU-T Q.24: 1.5 % off, and one of the tones weaker, is still the key."""
    key = sine(low * 1.015, 100, 0.2) + sine(high * 0.985, 100, 0.12)

    assert 80 <= heard(np.concatenate([np.zeros(2_000), key, np.zeros(2_000)])).keys_ms <= 140


def test_a_click_of_a_key_is_no_key() -> None:
    key = sine(770, 20) + sine(1336, 20)

    assert heard(np.concatenate([np.zeros(2_000), key, np.zeros(2_000)])).keys_ms == 0


@pytest.mark.parametrize("pair", [(425,), (350, 440), (440, 480), (480, 620), (1100,), (2100,)])
def test_dial_ringing_busy_and_fax_tones_stay_where_they_are(pair: tuple[int, ...]) -> None:
    tone = np.sum([sine(hz, 2_000) for hz in pair], axis=0)

    assert heard(tone).steady_ms >= 1_800


def test_tones_are_found_at_any_rate() -> None:
    seconds = np.arange(32_000) / 16_000
    tone = Waveform(
        samples=(0.2 * np.sin(2 * np.pi * 425 * seconds)).astype(np.float32), rate_hz=16_000
    )

    assert tones(tone).steady_ms >= 1_800
