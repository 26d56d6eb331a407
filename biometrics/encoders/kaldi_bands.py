"""Mel bands of speech as Kaldi makes them, with the defaults of its compute-fbank-feats.

Kaldi's feature-fbank.cc and mel-computations.cc; without dither, so that the same sound gives the
same numbers. Needs numpy only.
"""

from functools import cache

import numpy as np

from biometrics.encoders.fbank import Floats, centred, filtered, framed, power

RATE_HZ = 16_000
MELS = 80

_WIDTH = 400
_HOP = 160
_FFT = 512
_EMPHASIS = np.float32(0.97)
_LOW_HZ = 20
_LEAST_POWER = np.finfo(np.float32).eps


def kaldi_bands(samples: Floats) -> Floats:
    """Bands of samples in [-1, 1] at 16 kHz, shape (frames, 80), the mean over time subtracted."""
    frames = framed(samples, _WIDTH, _HOP)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    powers = power((frames - _EMPHASIS * before) * _window(), _FFT)
    return centred(np.log(np.maximum(filtered(powers, _filters()), _LEAST_POWER)))


@cache
def _window() -> Floats:
    """Povey's: a Hann window, a little blunter."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WIDTH) / (_WIDTH - 1))
    return np.asarray(hann**0.85, dtype=np.float32)


@cache
def _filters() -> Floats:
    """Triangles on the mel scale, shape (257, 80); the highest frequency belongs to none."""
    edges = np.linspace(_mel(_LOW_HZ), _mel(RATE_HZ / 2), MELS + 2)
    step = edges[1] - edges[0]
    mels = _mel(np.arange(_FFT // 2) * (RATE_HZ / _FFT))[:, None]
    triangles = 1 - np.abs(mels - edges[1:-1]) / step
    return np.pad(np.maximum(0, triangles), ((0, 1), (0, 0))).astype(np.float32)


def _mel(hz: Floats | float) -> Floats:
    return np.asarray(1127 * np.log(1 + np.asarray(hz, dtype=np.float64) / 700))
