"""Whether what we just played comes back from the caller's loudspeaker."""

import numpy as np

from biometrics.resample import resampled
from biometrics.waveform import Waveform

_RATE_HZ = 8_000
_BAND_HZ = (300, 3_400)
"""Of the telephone; what lies outside is noise."""

_SHORTEST_MS = 500


def echo_of(played: Waveform, heard: Waveform) -> float:
    """How far the best match of `heard` with `played` stands out, in standard deviations.

    The cross-correlation with phase transform of Knapp and Carter, "The generalized correlation
    method for estimation of time delay", IEEE TASSP 24 (1976): a room and a line change the
    loudness of frequencies, hardly when they arrive. One of 520 recordings of people reached 20
    with a prompt they do not hold. Less than half a second of either has no echo.
    """
    if min(played.duration_ms, heard.duration_ms) < _SHORTEST_MS:
        return 0.0
    first, second = (resampled(sound, _RATE_HZ).samples for sound in (played, heard))
    length = 1 << (len(first) + len(second) - 1).bit_length()
    cross = np.fft.rfft(second, length) * np.conj(np.fft.rfft(first, length))
    hz = np.fft.rfftfreq(length, 1 / _RATE_HZ)
    is_heard = (hz >= _BAND_HZ[0]) & (hz <= _BAND_HZ[1]) & (np.abs(cross) > 0)
    phase = np.zeros_like(cross)
    phase[is_heard] = cross[is_heard] / np.abs(cross[is_heard])
    matches = np.fft.irfft(phase, length)
    spread = float(np.std(matches))
    return float(np.abs(matches).max()) / spread if spread > 0 else 0.0
