"""Telephone keys by their tones (DTMF): read out of a turn, and made for rehearsals."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform, resampled

KEYS = "123A456B789C*0#D"
"""Row by row, as ITU-T Q.23 lays them out."""

_RATE_HZ = 8_000
_LOW_HZ = (697.0, 770.0, 852.0, 941.0)
_HIGH_HZ = (1209.0, 1336.0, 1477.0, 1633.0)

_TUNING = (0.985, 0.9925, 1.0, 1.0075, 1.015)
"""A key may be 1.5 % out of tune: ITU-T Q.24."""

_FRAME = 205
"""Samples, 26 ms; the usual length for these frequencies, which it keeps 39 Hz apart."""

_HOP = 40
"""Samples, 5 ms."""

_PURITY = 0.8
"""Share of a frame's power in the two tones; speech has it in many harmonics."""

_PEAK_PURITY = 0.93
"""What the best frame of a key must have. Noise 15 dB below a key leaves 0.97 and GSM 0.95; of two
hours of speech the most key-like vowels had 0.90."""

_MORE_HIGH = 10 ** (5 / 10)
_MORE_LOW = 10 ** (9 / 10)
"""How much stronger one tone may be, 4 and 8 dB (ITU-T Q.24), and 1 dB for measuring."""

_QUIETEST = 10 ** (-45 / 10)
"""Power against full scale; crosstalk of another line's keys is below."""

_SHORTEST_FRAMES = 4
"""A tone of 40 ms, which must count, fills so many; one of 23 ms, which must not, fewer."""

_LONGEST_DROPOUT = 5
"""Frames; a tone that fails for 10 ms is still the same key, a pause of 40 ms fills 9."""

_NONE = -1


def keys_in(waveform: Waveform) -> str:
    """The keys that were pressed, in order, empty where only speech is; one of any rate."""
    found = ""
    last, silent = _NONE, 0
    for key, purities in _runs(resampled(waveform, _RATE_HZ).samples):
        if key == _NONE or len(purities) < _SHORTEST_FRAMES or max(purities) < _PEAK_PURITY:
            silent += len(purities)
            continue
        if key != last or silent > _LONGEST_DROPOUT:
            found += KEYS[key]
        last, silent = key, 0
    return found


def _runs(samples: NDArray[np.float32]) -> Iterator[tuple[int, list[float]]]:
    """Each key, or none, and the purity of each frame that it lasts."""
    frames = zip(*_keys_of_frames(samples), strict=True)
    for key, same in groupby(frames, key=itemgetter(0)):
        yield int(key), [float(purity) for _, purity in same]


def _keys_of_frames(
    samples: NDArray[np.float32],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The place of the key in each frame, -1 where there is none, and how pure it is."""
    if len(samples) < _FRAME:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), _FRAME)[::_HOP]
    power = np.maximum(np.mean(frames**2, axis=1), 1e-12)
    row, low = _strongest(frames, _LOW_HZ)
    column, high = _strongest(frames, _HIGH_HZ)
    purity = (low + high) / power
    is_key = (purity >= _PURITY) & (power > _QUIETEST)
    is_key &= (high <= _MORE_HIGH * low) & (low <= _MORE_LOW * high)
    return np.where(is_key, row * len(_HIGH_HZ) + column, _NONE), purity


def _strongest(
    frames: NDArray[np.float64], group_hz: tuple[float, ...]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Which of a group's frequencies is strongest in each frame, and its power."""
    hz = np.outer(group_hz, _TUNING).ravel()
    turns = np.exp(np.outer(np.arange(_FRAME), hz) * (-2j * np.pi / _RATE_HZ))
    power = 2 * np.abs(frames @ turns) ** 2 / _FRAME**2
    best = power.argmax(axis=1)
    return best // len(_TUNING), np.asarray(power.max(axis=1), dtype=np.float64)


def with_keys(
    waveform: Waveform, keys: str, *, tone_ms: int = 80, pause_ms: int = 80, level: float = 0.2
) -> Waveform:
    """The recording with keys pressed after it; `level` is each tone's peak, of full scale 1.

    Raises:
        ValueError: there is no such key.
    """
    rate_hz = waveform.rate_hz
    pause = np.zeros(pause_ms * rate_hz // 1000, dtype=np.float32)
    parts = [waveform.samples, pause]
    for key in keys:
        row, column = divmod(KEYS.index(key), len(_HIGH_HZ))
        time = np.arange(tone_ms * rate_hz // 1000) / rate_hz
        tones = np.sin(2 * np.pi * np.outer((_LOW_HZ[row], _HIGH_HZ[column]), time)).sum(axis=0)
        parts += [(level * tones).astype(np.float32), pause]
    return Waveform(samples=np.concatenate(parts), rate_hz=rate_hz)
