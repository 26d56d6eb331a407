"""From one sampling rate to another."""

import numpy as np
import soxr
from numpy.typing import NDArray

from biometrics.waveform import Waveform


def resampled(waveform: Waveform, rate_hz: int) -> Waveform:
    """The same sound at `rate_hz`, band-limited by SoX's high-quality filter."""
    if waveform.rate_hz == rate_hz:
        return waveform
    samples = soxr.resample(waveform.samples, waveform.rate_hz, rate_hz)
    return Waveform(samples=np.asarray(samples, dtype=np.float32), rate_hz=rate_hz)


class StreamResampler:
    """The same for sound that comes piece by piece, without a seam between the pieces."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32")

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """What can be said so far, shape (m,)."""
        return np.asarray(self._stream.resample_chunk(samples), dtype=np.float32)

    def finish(self) -> NDArray[np.float32]:
        """The rest. Nothing can be fed afterwards."""
        rest = np.zeros(0, dtype=np.float32)
        return np.asarray(self._stream.resample_chunk(rest, last=True), dtype=np.float32)
