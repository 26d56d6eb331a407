"""What was played is known again when it comes back."""

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform
from biometrics.sound.echo import echo_of

RNG = np.random.default_rng(8)


def sound(samples: NDArray[np.float64]) -> Waveform:
    return Waveform(samples=samples.astype(np.float32), rate_hz=8000)


def test_other_sound_is_no_echo() -> None:
    played, other = RNG.normal(0, 0.1, 24_000), RNG.normal(0, 0.1, 24_000)

    assert echo_of(sound(played), sound(other)) < 7


def test_silence_and_snippets_have_no_echo() -> None:
    played = RNG.normal(0, 0.1, 24_000)

    assert echo_of(sound(played), sound(np.zeros(24_000))) == 0.0
    assert echo_of(sound(played), sound(played[:3_000])) == 0.0
    assert echo_of(sound(np.zeros(0)), sound(played)) == 0.0


def test_an_echo_is_found_late_quiet_dull_and_under_other_sound() -> None:
    played, other = RNG.normal(0, 0.1, 24_000), RNG.normal(0, 0.1, 32_000)
    dull = np.convolve(played, [0.5, 0.3, 0.1], mode="same")
    other[4_000:28_000] += dull

    assert echo_of(sound(played), sound(other)) > 20
