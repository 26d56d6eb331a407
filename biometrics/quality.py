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


def _power(samples: NDArray[np.float32]) -> float:
    if not len(samples):
        return _QUIETEST
    return max(float(np.mean(np.square(samples, dtype=np.float64))), _QUIETEST)


def _db(power: float) -> float:
    return 10 * math.log10(power)
