"""What a piece of sound can be recognised by when it is played again.

After Haitsma, Kalker: "A Highly Robust Audio Fingerprinting System", ISMIR 2002, for telephone
speech: the sign of how the ratio of two neighbouring bands changes with time. A constant gain or
equaliser cancels out of it, and what a codec adds moves few signs.
"""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray

from biometrics.resample import resampled
from biometrics.speech import Speech
from biometrics.waveform import Waveform

RATE_HZ = 8_000
HOP_MS = 16
BITS = 32

_HOP = RATE_HZ * HOP_MS // 1000
_FRAME = 2_048
"""256 ms, so that an offset of half a hop moves little."""
_LOWEST_HZ, _HIGHEST_HZ = 300, 3_000
_STEPS = 6
"""Bands are compared with themselves so many hops earlier."""
_FLOOR = 1e-4
"""Of the loudest power in a band: quieter is noise, and its changes mean nothing."""
_BLOCK = 96
"""Frames that are compared as one, 1.5 s."""
_SPOKEN = 0.6
"""Share of a block that must be speech: pauses of two recordings resemble each other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """The signs of one recording, a word of 32 bits for each 16 ms."""

    words: NDArray[np.uint32] = field(repr=False)
    """Shape (frames,)."""

    is_spoken: NDArray[np.bool_] = field(repr=False)
    """Whether somebody speaks there, shape (frames,)."""

    @property
    def has_a_block(self) -> bool:
        """Long enough to be compared at all."""
        return len(self.words) >= _BLOCK


def fingerprint(speech: Speech) -> Fingerprint:
    """The fingerprint of a recording in which speech was looked for, at any rate."""
    narrow = resampled(speech.waveform, RATE_HZ)
    words = _words(narrow)
    is_spoken = np.zeros(len(words), dtype=np.bool_)
    for span in speech.spans:
        # A frame is called after its beginning, a change after the earlier of its frames.
        first = max((span.start_ms - _FRAME * 500 // RATE_HZ) // HOP_MS - _STEPS // 2, 0)
        last = max((span.end_ms - _FRAME * 500 // RATE_HZ) // HOP_MS - _STEPS // 2, 0)
        is_spoken[first:last] = True
    return Fingerprint(words=words, is_spoken=is_spoken)


def difference(heard: Fingerprint, kept: Fingerprint) -> float:
    """Least share of different signs in 1.5 s of speech, over every alignment: 0 to 1.

    About a half for recordings that have nothing to do with each other; 1 where nothing could be
    compared.
    """
    if not (heard.has_a_block and kept.has_a_block):
        return 1.0
    unlike = np.bitwise_count(heard.words[:, np.newaxis] ^ kept.words[np.newaxis, :])
    sums = _along_diagonals(unlike)
    spoken = np.convolve(heard.is_spoken, np.ones(_BLOCK), mode="valid") >= _SPOKEN * _BLOCK
    sums = sums[spoken]
    return float(sums.min()) / (_BLOCK * BITS) if sums.size else 1.0


def _along_diagonals(unlike: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Sums over blocks that run down the diagonal, shape (n - block + 1, m - block + 1)."""
    rows, columns = unlike.shape
    sheared = np.zeros((rows, rows + columns), dtype=np.int32)
    _leaning(sheared, first=rows, columns=columns)[:] = unlike
    totals = np.cumsum(sheared, axis=0, out=sheared)
    sums = totals[_BLOCK - 1 :].copy()
    sums[1:] -= totals[:-_BLOCK]
    return _leaning(sums, first=rows, columns=columns - _BLOCK + 1)


def _leaning(upright: NDArray[np.int32], *, first: int, columns: int) -> NDArray[np.int32]:
    """A view whose row i begins in column `first` - i: what was diagonal is upright in memory."""
    rows, width = upright.shape
    size = upright.itemsize
    strides = ((width - 1) * size, size)
    return as_strided(upright.reshape(-1)[first:], shape=(rows, columns), strides=strides)


def _words(sound: Waveform) -> NDArray[np.uint32]:
    if len(sound.samples) < _FRAME + _STEPS * _HOP:
        return np.zeros(0, dtype=np.uint32)
    frames = sliding_window_view(sound.samples, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME).astype(np.float32), axis=1)) ** 2
    bands = power @ _bands()
    quietest = np.maximum(bands.max(axis=0) * _FLOOR, 1e-9)
    levels = np.log(bands + quietest)
    ratios = levels[:, 1:] - levels[:, :-1]
    signs = ratios[_STEPS:] > ratios[:-_STEPS]
    return np.packbits(signs, axis=1, bitorder="little").view(np.uint32)[:, 0]


@cache
def _bands() -> NDArray[np.float64]:
    """Which bins belong to which of 33 bands of equal ratio, shape (bins, 33)."""
    edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, BITS + 2)
    bins = np.arange(_FRAME // 2 + 1) * RATE_HZ / _FRAME
    return np.asarray((bins[:, None] >= edges[:-1]) & (bins[:, None] < edges[1:]), np.float64)
