"""How good a recording is for telling a voice."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.speech import Speech

_FULL_SCALE = 0.999
_QUIETEST = 1e-10
"""Power of -100 dBFS, just under one step of 16-bit sound: less cannot be told from nothing."""
_SHORTEST_PAUSE_MS = 100
_QUIETER = 20
_FLAT = 0.98
_FLAT_RUN = 3
_FEWEST_FRAMES = 25
_LOUD_MOMENTS = 97
_REACH_DB = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a recording offers."""

    net_speech_ms: int

    snr_db: float | None
    """Power of the voice over that of the pauses; None when there is no pause to compare with."""

    clipped: float
    """Share of all samples that touch full scale, 0 to 1."""

    level_dbfs: float | None
    """Root mean square of the speech; None when nobody speaks."""

    quiet_dbfs: float | None = None
    """Power of the quieter moments of the pauses: a soft sound that was not taken for speech does
    not count as noise here, as it does in `snr_db`; None when there is no pause."""

    flattened: float = 0.0
    """Share of the speech in flat tops and bottoms, 0 to 1: clipped before the line coded it."""

    bandwidth_hz: int | None = None
    """Up to where the loud moments of the speech reach; None when too little is said to tell."""


def quality(speech: Speech) -> Quality:
    """The quality of a recording in which speech was looked for."""
    samples = speech.waveform.samples
    is_speech = _speech_mask(speech)
    voice, pause = samples[is_speech], samples[~is_speech]
    level = _power(voice)
    return Quality(
        net_speech_ms=speech.net_ms,
        snr_db=_snr_db(level, pause, speech.waveform.rate_hz) if len(voice) else None,
        clipped=float(np.mean(np.abs(samples) >= _FULL_SCALE)) if len(samples) else 0.0,
        level_dbfs=_db(level) if len(voice) else None,
        quiet_dbfs=_quiet_dbfs(pause, speech.waveform.rate_hz) if len(voice) else None,
        flattened=_flattened(voice),
        bandwidth_hz=_bandwidth_hz(voice, speech.waveform.rate_hz),
    )


def _speech_mask(speech: Speech) -> NDArray[np.bool_]:
    mask = np.zeros(len(speech.waveform.samples), dtype=np.bool_)
    for span in speech.spans:
        first, last = (ms * speech.waveform.rate_hz // 1000 for ms in (span.start_ms, span.end_ms))
        mask[first:last] = True
    return mask


def _snr_db(level: float, pause: NDArray[np.float32], rate_hz: int) -> float | None:
    if len(pause) * 1000 < _SHORTEST_PAUSE_MS * rate_hz:
        return None
    noise = _power(pause)
    return _db(max(level - noise, _QUIETEST)) - _db(noise)


def _quiet_dbfs(pause: NDArray[np.float32], rate_hz: int) -> float | None:
    length = rate_hz // 50
    if len(pause) * 1000 < _SHORTEST_PAUSE_MS * rate_hz:
        return None
    frames = pause[: len(pause) // length * length].reshape(-1, length).astype(np.float64)
    return _db(max(float(np.percentile(np.mean(frames**2, axis=1), _QUIETER)), _QUIETEST))


def _flattened(voice: NDArray[np.float32]) -> float:
    """Samples that stay within 2 % of the greatest for three or more in a row."""
    if len(voice) < _FLAT_RUN:
        return 0.0
    is_top = np.abs(voice) >= _FLAT * np.abs(voice).max()
    runs = np.lib.stride_tricks.sliding_window_view(is_top, _FLAT_RUN).all(axis=1)
    inside = np.convolve(runs, np.ones(_FLAT_RUN)) > 0
    return float(np.mean(inside))


def _bandwidth_hz(voice: NDArray[np.float32], rate_hz: int) -> int | None:
    """The highest band of 100 Hz whose loud moments are within 40 dB of the strongest's.

    G.711's own noise is 38 dB under the voice, spread over the whole band, and so below that.
    """
    length = rate_hz // 50
    if len(voice) < _FEWEST_FRAMES * length:
        return None
    frames = voice[: len(voice) // length * length].reshape(-1, length).astype(np.float64)
    power = np.abs(np.fft.rfft(frames * np.hanning(length), axis=1)) ** 2
    hz = np.fft.rfftfreq(length, 1 / rate_hz)
    loud = np.percentile(power, _LOUD_MOMENTS, axis=0)
    reaching = np.flatnonzero(loud[:-1] >= loud.max() * 10 ** (-_REACH_DB / 10))
    return int(hz[reaching[-1]]) if loud.max() > 0 else None


def _power(samples: NDArray[np.float32]) -> float:
    if not len(samples):
        return _QUIETEST
    return max(float(np.mean(np.square(samples, dtype=np.float64))), _QUIETEST)


def _db(power: float) -> float:
    return 10 * math.log10(power)
