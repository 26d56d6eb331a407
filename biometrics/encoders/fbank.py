"""Mel bands of speech as SpeechBrain makes them, and the steps that all mel bands share.

Needs numpy only.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_LEAST_POWER = 1e-10
_RANGE_DB = 80.0

_ONE_THREAD = 2**18
"""Multiplications up to which OpenBLAS computes a matrix product in the calling thread. Above, it
wakes threads that spin: half of the processor time of a 3 s call went there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecibelBands:
    """Triangular mel bands in decibels, as SpeechBrain's Fbank makes them."""

    rate_hz: int
    mels: int
    fft: int
    window: Floats = field(repr=False)
    hop: int
    """Samples from one frame to the next."""

    filters: Floats = field(repr=False)
    """Shape (fft / 2 + 1, mels)."""

    def __call__(self, samples: Floats) -> Floats:
        """Bands of samples in [-1, 1], shape (frames, mels), the mean over time subtracted."""
        padded = np.pad(samples, self.fft // 2)
        powers = power(framed(padded, self.fft, self.hop) * self.window, self.fft)
        heard = np.maximum(filtered(powers, self.filters), np.float32(_LEAST_POWER))
        decibels = 10 * np.log10(heard)
        # What is more than 80 dB below the loudest band of the recording is not heard.
        bands = np.maximum(decibels, decibels.max() - np.float32(_RANGE_DB))
        return centred(bands)


def decibel_bands(  # noqa: PLR0913 - what a description of the features lists
    *,
    rate_hz: int,
    mels: int,
    fft: int = 400,
    window_ms: int = 25,
    hop_ms: int = 10,
    low_hz: int = 0,
    high_hz: int | None = None,
) -> DecibelBands:
    """Made to the measures that an encoder's description gives."""
    width = round(rate_hz / 1000 * window_ms)
    before = (fft - width) // 2
    # A Hamming window that would repeat after `width` samples, in the middle of the frame.
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(width) / width)
    edges = _hz(np.linspace(_mel(low_hz), _mel(high_hz or rate_hz // 2), mels + 2))
    centre, band = edges[1:-1], np.diff(edges)[:-1]
    slope = (np.linspace(0, rate_hz // 2, fft // 2 + 1)[:, None] - centre) / band
    return DecibelBands(
        rate_hz=rate_hz,
        mels=mels,
        fft=fft,
        window=np.pad(window, (before, fft - width - before)).astype(np.float32),
        hop=round(rate_hz / 1000 * hop_ms),
        filters=np.maximum(0, np.minimum(slope + 1, 1 - slope)).astype(np.float32),
    )


def framed(samples: Floats, width: int, hop: int) -> Floats:
    """Shape (frames, width): every frame that lies wholly in the samples."""
    return np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]


def power(frames: Floats, fft: int) -> Floats:
    """The power spectrum of each frame, shape (frames, fft / 2 + 1)."""
    spectrum = np.fft.rfft(frames, fft)
    return np.asarray(spectrum.real**2 + spectrum.imag**2, dtype=np.float32)


def filtered(powers: Floats, filters: Floats) -> Floats:
    """The matrix product of the two, shape (frames, mels)."""
    pieces = -(-powers.size * filters.shape[1] // _ONE_THREAD)
    return np.concatenate([piece @ filters for piece in np.array_split(powers, pieces)])


def centred(bands: Floats) -> Floats:
    """Without the mean over time."""
    return np.asarray(bands - bands.mean(axis=0, dtype=np.float32), dtype=np.float32)


def _mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700 * (10 ** (mel / 2595) - 1))
