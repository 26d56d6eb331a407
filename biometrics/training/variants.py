"""New voices from known ones: faster or slower, and through a longer or shorter throat.

More speakers teach an encoder more than more steps. Speed changes pitch and formants together, as
in Ko, Peddinti, Povey, Khudanpur, "Audio Augmentation for Speech Recognition", Interspeech 2015,
and such copies count as speakers of their own in Yamamoto, Lee, Okabe, Koshinaka, "Speaker
Augmentation and Bandwidth Extension for Deep Speaker Embedding", Interspeech 2019.
"""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

_FFT = 512
_HOP = 128
_ENVELOPE_QUEFRENCY = 30
"""Cepstral coefficients that tell the throat from the vocal cords, at 16 kHz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How a voice is changed."""

    speed: float = 1.0
    """Above 1 faster and higher."""

    formants: float = 1.0
    """Above 1 a shorter throat at the same pitch and speed."""


VARIANTS = (
    Variant(),
    Variant(speed=0.9),
    Variant(speed=1.1),
    Variant(formants=0.9),
    Variant(formants=1.12),
    Variant(speed=0.82),
    Variant(speed=1.2),
    Variant(speed=0.94, formants=1.08),
    Variant(speed=1.06, formants=0.92),
)


def changed(samples: NDArray[np.float32], variant: Variant) -> NDArray[np.float32]:
    """The samples, shape (n,), as somebody else's voice."""
    if variant.formants != 1.0:
        samples = _with_formants(samples, variant.formants)
    if variant.speed != 1.0:
        samples = soxr.resample(samples, 1000 * variant.speed, 1000)
    return np.asarray(samples, dtype=np.float32)


def _with_formants(samples: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """Stretch the spectral envelope along frequency; the fine structure, the pitch, stays."""
    padded = np.pad(samples, (_FFT, _FFT))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    window = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    spectra = np.fft.rfft(frames * window, axis=1)
    magnitude = np.log(np.abs(spectra) + 1e-6)
    cepstra = np.fft.irfft(magnitude, axis=1)
    cepstra[:, _ENVELOPE_QUEFRENCY : _FFT - _ENVELOPE_QUEFRENCY + 1] = 0
    envelope = np.fft.rfft(cepstra, axis=1).real
    bins = np.arange(envelope.shape[1], dtype=np.float64)
    source = np.clip(bins / factor, 0, bins[-1])
    low = np.minimum(source.astype(np.int64), len(bins) - 2)
    share = source - low
    moved = envelope[:, low] * (1 - share) + envelope[:, low + 1] * share
    spectra *= np.exp(np.clip(moved - envelope, -4.0, 4.0))
    pieces = np.fft.irfft(spectra, axis=1) * window
    whole = np.zeros(len(padded) + _FFT, dtype=np.float64)
    weight = np.zeros_like(whole)
    for place, piece in enumerate(pieces):
        start = place * _HOP
        whole[start : start + _FFT] += piece
        weight[start : start + _FFT] += window * window
    mended = whole / np.maximum(weight, 1e-3)
    return np.asarray(mended[_FFT : _FFT + len(samples)], dtype=np.float32)
