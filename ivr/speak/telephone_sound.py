"""From a voice's sound to what a telephone line carries well."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from biometrics import Waveform, resampled

RATE_HZ = 8_000

_LOW_HZ = 340
_HIGH_HZ = 3_360
"""The filter's corners: with its slopes all of it lies in the telephone band, 300 to 3400 Hz."""

_TAPS = 321
"""At 8 kHz a Hamming window of this length falls off within 82 Hz, half of it past the corner."""

_FRAME = RATE_HZ * 20 // 1000
_QUIET_DB = -40.0
"""A frame this far under the loudest is a pause."""

_PAUSE_SIDE = 10
"""Frames kept on either side of a pause, 400 ms in all: into longer ones callers start to talk."""

_KEEP_BEFORE = RATE_HZ * 20 // 1000
_KEEP_AFTER = RATE_HZ * 80 // 1000
_FADE_IN = RATE_HZ * 5 // 1000
_FADE_OUT = RATE_HZ * 20 // 1000

_CEILING = 10 ** (-1.0 / 20)
"""Peaks stay 1 dB under full scale: mu-law and resampling overshoot a little."""

_REACH = RATE_HZ * 4 // 1000
"""The limiter turns down this long before and after a peak, so that it does not crackle."""

Samples = NDArray[np.float32]


def telephone_sound(sound: Waveform, *, level_dbfs: float) -> Waveform:
    """The sound at 8 kHz, 300 to 3400 Hz, speech at `level_dbfs` root mean square, unclipped.

    Silence around it is cut off, long pauses are shortened; what holds no speech comes back empty.
    """
    samples = resampled(sound, RATE_HZ).samples
    if not np.any(samples):
        return Waveform(samples=np.zeros(0, dtype=np.float32), rate_hz=RATE_HZ)
    trimmed = _trimmed(np.convolve(samples, _BAND, mode="same").astype(np.float32))
    return Waveform(samples=_faded(_levelled(trimmed, level_dbfs)), rate_hz=RATE_HZ)


def speech_level_dbfs(sound: Waveform) -> float:
    """Root mean square over the frames of 20 ms that are no pause, in dB under full scale.

    Minus infinity for silence.
    """
    powers = _frame_powers(sound.samples)
    loud = powers[_is_loud(powers)]
    return float(10 * np.log10(loud.mean())) if loud.size else -np.inf


def _band_filter() -> Samples:
    """A linear-phase band-pass: two windowed sincs, one subtracted from the other."""
    n = np.arange(_TAPS) - _TAPS // 2
    high, low = (2 * hz / RATE_HZ * np.sinc(2 * hz / RATE_HZ * n) for hz in (_HIGH_HZ, _LOW_HZ))
    return np.asarray((high - low) * np.hamming(_TAPS), dtype=np.float32)


_BAND = _band_filter()


def _frame_powers(samples: Samples) -> NDArray[np.float64]:
    whole = -(-len(samples) // _FRAME) * _FRAME
    padded = np.pad(samples.astype(np.float64), (0, whole - len(samples)))
    return np.asarray((padded.reshape(-1, _FRAME) ** 2).mean(axis=1))


def _is_loud(powers: NDArray[np.float64]) -> NDArray[np.bool_]:
    floor = powers.max(initial=0.0) * 10 ** (_QUIET_DB / 10)
    return np.asarray((powers >= floor) & (powers > 0))


def _trimmed(samples: Samples) -> Samples:
    """Without the silence around it, and with shorter pauses inside."""
    loud = _is_loud(_frame_powers(samples))
    near = np.convolve(loud, np.ones(2 * _PAUSE_SIDE + 1))[_PAUSE_SIDE : _PAUSE_SIDE + len(loud)]
    ends = np.flatnonzero(loud)
    first = max(int(ends[0]) * _FRAME - _KEEP_BEFORE, 0)
    last = (int(ends[-1]) + 1) * _FRAME + _KEEP_AFTER
    is_kept = np.repeat(near > 0, _FRAME)[: len(samples)]
    return samples[first:last][is_kept[first:last]]


def _levelled(samples: Samples, level_dbfs: float) -> Samples:
    """Turned up or down to the level; where peaks are held down the rest makes up for it."""
    levelled = samples
    for _ in range(4):
        missing_db = level_dbfs - speech_level_dbfs(Waveform(samples=levelled, rate_hz=RATE_HZ))
        levelled = _limited(levelled * np.float32(10 ** (missing_db / 20)))
    return levelled


def _limited(samples: Samples) -> Samples:
    """Smoothly turned down around every peak over the ceiling."""
    if np.abs(samples).max() <= _CEILING:
        return samples
    wanted = np.minimum(1.0, _CEILING / np.maximum(np.abs(samples), _CEILING))
    held = sliding_window_view(np.pad(wanted, 2 * _REACH, mode="edge"), 2 * _REACH + 1).min(axis=1)
    window = np.hanning(2 * _REACH + 3)[1:-1]
    gain = np.convolve(held, window / window.sum(), mode="valid")
    return (samples * gain).astype(np.float32)


def _faded(samples: Samples) -> Samples:
    faded = samples.copy()
    fade_in, fade_out = min(_FADE_IN, len(faded)), min(_FADE_OUT, len(faded))
    faded[:fade_in] *= np.linspace(0, 1, fade_in, dtype=np.float32)
    faded[len(faded) - fade_out :] *= np.linspace(1, 0, fade_out, dtype=np.float32)
    return faded
