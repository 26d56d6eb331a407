"""From one sampling rate to another."""

import numpy as np
import soxr

from biometrics.waveform import Waveform


def resampled(waveform: Waveform, rate_hz: int) -> Waveform:
    """The same sound at `rate_hz`, band-limited by SoX's high-quality filter."""
    if waveform.rate_hz == rate_hz:
        return waveform
    samples = soxr.resample(waveform.samples, waveform.rate_hz, rate_hz)
    return Waveform(samples=np.asarray(samples, dtype=np.float32), rate_hz=rate_hz)
