"""Telephone lines by dice, the same ones for people and for machines, so that none tells."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from biometrics.liveness.opus import through_opus
from biometrics.recordings import coded
from biometrics.resample import resampled
from biometrics.waveform import Waveform

LINE_HZ = 8_000
CODECS = ("mulaw", "alaw", "gsm", "opus", "none")

_SUBTYPES = {"mulaw": "ULAW", "alaw": "ALAW", "gsm": "GSM610"}
_TAPS = 129


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What happens to a sound on its way."""

    codec: str
    low_hz: float
    high_hz: float
    tilt_db: float
    """From the band's lower to its upper end."""
    echo_ms: float
    """Time in which the room's reverberation falls by 60 dB; 0 for none."""
    snr_db: float
    noise_tilt: float
    """0 for white noise, 1 for pink."""
    level_dbfs: float


def line_by_dice(chance: Generator, codec: str | None = None) -> Line:
    """Some line; `codec` leaves only the rest to chance."""
    return Line(
        codec=codec or str(chance.choice(CODECS, p=[0.3, 0.25, 0.15, 0.2, 0.1])),
        low_hz=float(chance.uniform(60, 320)),
        high_hz=float(chance.uniform(3_200, 3_950)),
        tilt_db=float(chance.uniform(-8, 8)),
        echo_ms=float(chance.uniform(80, 400)) if chance.random() < 0.35 else 0.0,  # noqa: PLR2004
        snr_db=float(chance.uniform(8, 45)),
        noise_tilt=float(chance.uniform(0, 1.2)),
        level_dbfs=float(chance.uniform(-32, -14)),
    )


def over_line(sound: Waveform, line: Line, chance: Generator) -> Waveform:
    """The sound at 8 kHz as the far end of `line` hears it."""
    samples = resampled(sound, LINE_HZ).samples.astype(np.float64)
    if line.echo_ms:
        samples = _echoed(samples, line.echo_ms, chance)
    samples = _banded(samples, line)
    samples = _noisy(samples, line, chance)
    samples *= 10 ** (line.level_dbfs / 20) / max(float(np.sqrt(np.mean(samples**2))), 1e-6)
    clipped = np.clip(samples, -1, 1).astype(np.float32)
    return _coded(Waveform(samples=clipped, rate_hz=LINE_HZ), line.codec, chance)


def _coded(sound: Waveform, codec: str, chance: Generator) -> Waveform:
    if codec == "none":
        return sound
    if codec == "opus":
        return through_opus(sound, thrift=float(chance.uniform(0.9, 0.98)))
    return coded(sound, _SUBTYPES[codec])


def _echoed(samples: NDArray[np.float64], echo_ms: float, chance: Generator) -> NDArray[np.float64]:
    """Exponentially dying noise behind the direct sound: Polack's model of a room."""
    length = int(echo_ms * LINE_HZ / 1000)
    tail = chance.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    tail *= chance.uniform(0.1, 0.6) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return _convolved(samples, tail)[: len(samples)]


def _banded(samples: NDArray[np.float64], line: Line) -> NDArray[np.float64]:
    bins = np.linspace(0, LINE_HZ / 2, 257)
    slope_db = line.tilt_db * (bins - bins[-1] / 2) / bins[-1]
    rolls = 1 / (1 + (line.low_hz / np.maximum(bins, 1)) ** 8) / (1 + (bins / line.high_hz) ** 24)
    response = np.fft.irfft(np.sqrt(rolls) * 10 ** (slope_db / 20))
    taps = np.roll(response, _TAPS // 2)[:_TAPS] * np.hamming(_TAPS)
    return _convolved(samples, taps)[_TAPS // 2 : _TAPS // 2 + len(samples)]


def _noisy(samples: NDArray[np.float64], line: Line, chance: Generator) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(chance.standard_normal(len(samples)))
    spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** (line.noise_tilt / 2)
    noise = np.fft.irfft(spectrum, len(samples))
    noise /= max(float(np.sqrt(np.mean(noise**2))), 1e-9)
    power = float(np.sqrt(np.mean(samples**2)))
    return samples + noise * power * 10 ** (-line.snr_db / 20)


def _convolved(samples: NDArray[np.float64], taps: NDArray[np.float64]) -> NDArray[np.float64]:
    size = 1 << (len(samples) + len(taps) - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(taps, size), size)[
        : len(samples) + len(taps) - 1
    ]
