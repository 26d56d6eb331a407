"""How much a recording sounds like music: notes stay where they are, voices glide."""

import numpy as np
from numpy.typing import NDArray

from biometrics.resample import resampled
from biometrics.sound.tones import framed
from biometrics.waveform import Waveform

_RATE_HZ = 8_000
_FRAME = 1_024
_HOP = 256
_AROUND = 21
"""Bins, 164 Hz, whose mean a note must stand out from."""

_STANDS_OUT_DB = 3.0
_BLOCK = 78
"""Frames, 2.5 s, over which a note's stay is averaged."""

_SHORTEST_BLOCK = 30
_PEAKS = 5


def steadiness(waveform: Waveform) -> float:
    """Continuous frequency activation: how long single frequencies stay strong, 0 to 5.

    Seyerlehner, Pohle, Schedl, Widmer, "Automatic music detection in television productions",
    DAFx 2007, at the rate of the telephone; the median over blocks of 2.5 s. Recordings under a
    second have none.
    """
    samples = resampled(waveform, _RATE_HZ).samples.astype(np.float64)
    frames = framed(samples, _FRAME, _HOP)
    if len(frames) < _SHORTEST_BLOCK:
        return 0.0
    level_db = 10 * np.log10(np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2 + 1e-6)
    stands_out = level_db - _smoothed(level_db) > _STANDS_OUT_DB
    count = max(len(frames) // _BLOCK, 1)
    blocks = np.array_split(stands_out.astype(np.float64), count)
    return float(np.median([_peakiness(block.mean(axis=0)) for block in blocks]))


def _smoothed(level_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """The running mean along frequency."""
    half = _AROUND // 2
    sums = np.pad(level_db, ((0, 0), (half + 1, half)), mode="edge").cumsum(axis=1)
    return np.asarray((sums[:, _AROUND:] - sums[:, :-_AROUND]) / _AROUND, dtype=np.float64)


def _peakiness(activation: NDArray[np.float64]) -> float:
    """The five highest peaks, each over the higher of the valleys beside it."""
    inner = activation[1:-1]
    tops = np.flatnonzero((inner >= activation[:-2]) & (inner > activation[2:])) + 1
    lows = np.flatnonzero((inner <= activation[:-2]) & (inner < activation[2:])) + 1
    heights = []
    for top in tops:
        beside = [*lows[lows < top][-1:], *lows[lows > top][:1]]
        valley = max((float(activation[low]) for low in beside), default=0.0)
        heights.append(float(activation[top]) - valley)
    return sum(sorted(heights, reverse=True)[:_PEAKS])
