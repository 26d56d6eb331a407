"""How high a voice is, frame by frame, from the repeats in its sound."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LOWEST_HZ = 70
_HIGHEST_HZ = 500
"""Children reach it."""

_NEARLY_AS_STRONG = 0.96
"""A shorter period whose repeat is nearly as strong is the true one: every multiple repeats too."""

_FFT = 1_024
_FINER = 2
"""Lags a sample: the period of a child's voice is only twenty samples long."""

_Frames = NDArray[np.float32]
_Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pitch:
    """Height and strength of the voice in each frame."""

    semitones: _Line
    """Above 100 Hz, shape (frames,); meaningless where the voice is weak."""

    strength: _Line
    """How much of the frame repeats itself, 0 to 1, shape (frames,)."""


def pitch(frames: _Frames, rate_hz: int) -> Pitch:
    """The pitch of `frames`, shape (frames, samples), each at least two of the longest periods.

    The autocorrelation is divided by that of the window (Boersma 1993). The telephone cuts the
    fundamental off, but its harmonics repeat with it all the same.
    """
    window = np.hanning(frames.shape[1] + 2)[1:-1]
    repeats = _autocorrelation((frames - frames.mean(axis=1, keepdims=True)) * window)
    repeats /= _autocorrelation(window[np.newaxis, :])
    lags_hz = _FINER * rate_hz
    first, last = lags_hz // _HIGHEST_HZ, lags_hz // _LOWEST_HZ
    around = repeats[:, first - 1 : last + 2]
    best = _first_strong_peak(around)
    rows = np.arange(len(around))
    left, middle, right = (around[rows, best + step] for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (left - right) / np.where(bend == 0, 1, bend), 0)  # noqa: PLR2004 - flat
    periods = first - 1 + best + np.clip(shift, -0.5, 0.5)
    return Pitch(
        semitones=12 * np.log2(lags_hz / periods / 100), strength=np.clip(middle, 0.0, 1.0)
    )


def _autocorrelation(frames: NDArray[np.floating]) -> _Line:
    """Shape (frames, lags), 1 at lag 0."""
    power = np.abs(np.fft.rfft(frames, _FFT)) ** 2
    repeats = np.fft.irfft(power, _FINER * _FFT)[:, : _FINER * frames.shape[1] // 2]
    return np.asarray(repeats / np.maximum(repeats[:, :1], 1e-12), dtype=np.float64)


def _first_strong_peak(repeats: _Line) -> NDArray[np.intp]:
    """Index of the shortest period that is nearly as strong as the strongest, never at an edge."""
    inner = repeats[:, 1:-1]
    is_peak = (inner >= repeats[:, :-2]) & (inner >= repeats[:, 2:])
    peaks = np.where(is_peak, inner, -1.0)
    is_strong = peaks >= _NEARLY_AS_STRONG * peaks.max(axis=1, keepdims=True).clip(min=0)
    return np.asarray(np.argmax(is_strong, axis=1) + 1)
