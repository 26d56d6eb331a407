"""What a line sounds like, whoever speaks: how much it lets through at the edges of the band."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from biometrics.resample import resampled
from biometrics.speech import Speech

RATE_HZ = 8_000
_FRAME = 512
_EDGES_HZ = ((60, 180), (180, 300), (3_300, 3_500), (3_500, 3_700), (3_700, 3_900))
_MIDDLE_HZ = (500, 2_500)
_SHORTEST_MS = 1_500
_QUIETEST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSound:
    """Power at the edges of the telephone band against its middle."""

    edges_db: tuple[float, ...]
    """From 60 to 300 Hz in two steps, from 3300 to 3900 Hz in three."""

    def distance_db(self, other: "LineSound") -> float:
        """Root mean square of the differences."""
        return float(np.sqrt(np.mean(np.subtract(self.edges_db, other.edges_db) ** 2)))


def line_sound(speech: Speech) -> LineSound | None:
    """The line that speech came over; None under 1.5 s of it."""
    if speech.net_ms < _SHORTEST_MS:
        return None
    sound = resampled(speech.in_context(0).waveform, RATE_HZ)
    frames = sliding_window_view(sound.samples, _FRAME)[:: _FRAME // 2] * np.hanning(_FRAME)
    power = np.mean(np.abs(np.fft.rfft(frames, axis=1)) ** 2, axis=0) + _QUIETEST
    bins = np.arange(len(power)) * RATE_HZ / _FRAME

    def level_db(low_hz: int, high_hz: int) -> float:
        return float(10 * np.log10(np.mean(power[(bins >= low_hz) & (bins < high_hz)])))

    middle_db = level_db(*_MIDDLE_HZ)
    # Under -60 dB there is only the noise of the codec.
    return LineSound(edges_db=tuple(max(level_db(*edge) - middle_db, -60.0) for edge in _EDGES_HZ))
