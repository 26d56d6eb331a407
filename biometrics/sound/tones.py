"""Tones that a telephone network or its keys make: no voice is in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.resample import resampled
from biometrics.waveform import Waveform

_RATE_HZ = 8_000
_LOW_HZ = (697.0, 770.0, 852.0, 941.0)
_HIGH_HZ = (1209.0, 1336.0, 1477.0, 1633.0)
"""The two tones of a key, one of each row: ITU-T Q.23."""

_TUNING = (0.985, 1.0, 1.015)
"""A key may be 1.5 % out of tune: ITU-T Q.24."""

_KEY_FRAME = 205
"""Samples; Goertzel's usual length for these frequencies, 39 Hz apart."""

_KEY_HOP = 80
_KEY_PURITY = 0.7
"""Share of the frame's power in the two tones; speech has it in many harmonics."""

_KEY_PEAK_PURITY = 0.93
"""What the best frame of a key has: 0.95 and more after GSM or with noise 15 dB below it. Of two
hours of speech the most key-like vowels had 0.90."""

_TWIST = 10 ** (8 / 10)
"""One of the two may be 8 dB stronger: ITU-T Q.24."""

_SHORTEST_KEY_MS = 40
"""ITU-T Q.24: a shorter one is no key."""

_FRAME = 800
_HOP = 400
_BAND_HZ = (300, 2_200)
"""Dial, ringing, busy and special information tones (ITU-T E.180, Q.35) and those of fax machines
(T.30) are here."""

_PURITY = 0.9
_WIDTH = 3
"""Bins of 10 Hz that a tone fills on each side, as seen through Hann's window."""

_SHORTEST_FRAMES = 5
"""300 ms of a tone that does not move; vowels are shorter, or glide."""

_QUIETEST = 1e-5
"""Power of -50 dBFS; what is below is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """How long tones were heard."""

    keys_ms: int
    """Of telephone keys (DTMF)."""

    steady_ms: int
    """Of one or two tones that do not move, such as dial or busy tones."""


def tones(waveform: Waveform) -> Tones:
    """The tones in a recording of any rate."""
    samples = resampled(waveform, _RATE_HZ).samples.astype(np.float64)
    return Tones(keys_ms=_keys_ms(samples), steady_ms=_steady_ms(samples))


def _keys_ms(samples: NDArray[np.float64]) -> int:
    frames = framed(samples, _KEY_FRAME, _KEY_HOP)
    if not len(frames):
        return 0
    power = np.maximum(np.mean(frames**2, axis=1), 1e-12)
    (row, low), (column, high) = (_strongest(frames, hz) for hz in (_LOW_HZ, _HIGH_HZ))
    purity = (low + high) / power
    is_key = (purity >= _KEY_PURITY) & (power > _QUIETEST)
    is_key &= (low <= _TWIST * high) & (high <= _TWIST * low)
    # Another key begins another run: formants glide from one to the next, keys do not.
    keys = np.where(is_key, row * len(_HIGH_HZ) + column, -1)
    edges = np.flatnonzero(np.diff(keys)) + 1
    hop_ms, frame_ms = (length * 1000 // _RATE_HZ for length in (_KEY_HOP, _KEY_FRAME))
    runs = zip(np.split(keys, edges), np.split(purity, edges), strict=True)
    lengths = [
        len(run) * hop_ms + frame_ms
        for run, pure in runs
        if run[0] >= 0 and pure.max() >= _KEY_PEAK_PURITY
    ]
    return sum(ms for ms in lengths if ms >= _SHORTEST_KEY_MS)


def _strongest(
    frames: NDArray[np.float64], group_hz: tuple[float, ...]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Which of these is strongest in each frame, and its power, as Goertzel's algorithm has it."""
    hz = np.outer(group_hz, _TUNING).ravel()
    turns = np.outer(np.arange(_KEY_FRAME), hz) * (-2j * np.pi / _RATE_HZ)
    power = 2 * np.abs(frames @ np.exp(turns)) ** 2 / _KEY_FRAME**2
    return power.argmax(axis=1) // len(_TUNING), np.asarray(power.max(axis=1), dtype=np.float64)


def _steady_ms(samples: NDArray[np.float64]) -> int:
    frames = framed(samples, _FRAME, _HOP)
    if not len(frames):
        return 0
    is_loud = np.mean(frames**2, axis=1) > _QUIETEST
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    whole = np.maximum(power.sum(axis=1), 1e-12)
    first, first_power = _peak(power)
    rows = np.arange(len(power))[:, None]
    around = np.clip(first[:, None] + np.arange(-_WIDTH, _WIDTH + 1), 0, power.shape[1] - 1)
    power[rows, around] = 0.0
    _, second_power = _peak(power)
    bins_hz = _RATE_HZ / _FRAME
    is_tone = (first_power + second_power >= _PURITY * whole) & is_loud
    is_tone &= (first * bins_hz >= _BAND_HZ[0]) & (first * bins_hz <= _BAND_HZ[1])
    stays = np.concatenate([[True], np.abs(np.diff(first)) <= 1])
    hop_ms = _HOP * 1000 // _RATE_HZ
    lengths = [length for length in _runs(is_tone & stays) if length >= _SHORTEST_FRAMES]
    return sum(length * hop_ms for length in lengths)


def _peak(power: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The strongest bin of each frame, and the power in and around it."""
    top = power.argmax(axis=1)
    around = np.clip(top[:, None] + np.arange(-_WIDTH, _WIDTH + 1), 0, power.shape[1] - 1)
    return top, power[np.arange(len(power))[:, None], around].sum(axis=1)


def framed(samples: NDArray[np.float64], length: int, hop: int) -> NDArray[np.float64]:
    """Overlapping frames, shape (frames, length); what is too short has none."""
    if len(samples) < length:
        return np.zeros((0, length))
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]


def _runs(flags: NDArray[np.bool_]) -> list[int]:
    """Lengths of the stretches in which all flags are set."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return [int(n) for n in np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)]
