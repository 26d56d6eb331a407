"""Sound as it comes over a wire, and as everything else takes it."""

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.live.wire import RATE_HZ

_FULL_SCALE = 32_768


def samples_of(pcm: bytes) -> NDArray[np.float32]:
    """Shape (n,), full scale is -1 to 1; `pcm` is 16-bit little-endian."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    samples /= _FULL_SCALE
    return samples


def waveform_of(pcm: bytes) -> Waveform:
    """The same as sound of 8 kHz."""
    return Waveform(samples=samples_of(pcm), rate_hz=RATE_HZ)


def pcm_of(sound: Waveform) -> bytes:
    """Sound of 8 kHz as it goes over a wire; what is too loud is clipped."""
    if sound.rate_hz != RATE_HZ:
        raise ValueError("What is said over a line is of 8 kHz.")
    samples = np.rint(sound.samples * _FULL_SCALE)
    return np.clip(samples, -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2").tobytes()
