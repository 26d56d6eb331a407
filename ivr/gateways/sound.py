"""Sound as gateways send it, and as it is inside: 16 bits, 8 kHz, one channel."""

from fractions import Fraction
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from ivr.listen.g711 import Pcm, decode_alaw, decode_mulaw, encode_alaw, encode_mulaw
from ivr.live.wire import RATE_HZ

Coding = Literal["pcm16", "mulaw", "alaw"]
"""pcm16 is little-endian; the two laws are G.711 and always of 8 kHz."""

_BAND_HZ = 3_700
"""Of a telephone; what lies above would come back as other tones at 8 kHz."""

_TAPS_MS = 4
"""Length of the filter: half of it is how much later the sound comes."""


class SoundIn:
    """What one caller's gateway sends, piece by piece. Never shared."""

    def __init__(self, *, coding: Coding = "pcm16", rate_hz: int = RATE_HZ) -> None:
        self._coding = coding
        self._resampler = None if rate_hz == RATE_HZ else _Resampler(rate_hz, RATE_HZ)
        self._half = b""

    def take(self, data: bytes) -> bytes:
        """The same as it is inside. Half a sample is kept until its other half comes."""
        samples = self._samples(data)
        return _bytes(self._resampler.feed(samples) if self._resampler else samples)

    def _samples(self, data: bytes) -> Pcm:
        match self._coding:
            case "mulaw":
                return decode_mulaw(data)
            case "alaw":
                return decode_alaw(data)
            case "pcm16":
                data = self._half + data
                whole = len(data) // 2 * 2
                self._half = data[whole:]
                return np.frombuffer(data[:whole], dtype="<i2").astype(np.int16)


class SoundOut:
    """What one caller's gateway is sent, piece by piece. Never shared."""

    def __init__(self, *, coding: Coding = "pcm16", rate_hz: int = RATE_HZ) -> None:
        self._coding = coding
        self._resampler = None if rate_hz == RATE_HZ else _Resampler(RATE_HZ, rate_hz)

    def give(self, frame: bytes) -> bytes:
        """A frame from inside as the gateway wants it, always as long as the frame is."""
        samples = np.frombuffer(frame, dtype="<i2").astype(np.int16)
        match self._coding:
            case "mulaw":
                return encode_mulaw(samples)
            case "alaw":
                return encode_alaw(samples)
            case "pcm16":
                return _bytes(self._resampler.feed(samples) if self._resampler else samples)


class _Resampler:
    """From rate to rate with 2 ms of delay: SoX's own band-limited filters keep back 60 ms.

    A cubic interpolation, with a low-pass at the higher of the two rates.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._ratio = Fraction(to_hz, from_hz)
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="QQ")
        self._before = _LowPass(from_hz) if from_hz > to_hz else None
        self._behind = _LowPass(to_hz) if to_hz > from_hz else None
        self._came = 0
        self._gone = 0

    def feed(self, samples: Pcm) -> Pcm:
        self._came += len(samples)
        sound = samples.astype(np.float32)
        sound = self._before.feed(sound) if self._before else sound
        sound = np.asarray(self._stream.resample_chunk(sound), dtype=np.float32)
        sound = self._behind.feed(sound) if self._behind else sound
        due = int(self._came * self._ratio) - self._gone
        if len(sound) < due:  # only at the beginning, while the interpolation looks ahead
            sound = np.pad(sound, (due - len(sound), 0))
        self._gone += len(sound)
        return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


class _LowPass:
    """A windowed sinc, piece by piece without seams."""

    def __init__(self, rate_hz: int) -> None:
        taps = rate_hz * _TAPS_MS // 1000 // 2 * 2 + 1
        at = np.arange(taps) - taps // 2
        cut = 2 * _BAND_HZ / rate_hz
        kernel = np.sinc(cut * at) * np.hamming(taps)
        self._kernel = (kernel / kernel.sum()).astype(np.float32)
        self._tail = np.zeros(taps - 1, dtype=np.float32)

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(samples):
            return samples
        sound = np.concatenate([self._tail, samples])
        self._tail = sound[len(sound) - len(self._tail) :]
        return np.convolve(sound, self._kernel, mode="valid").astype(np.float32)


def _bytes(samples: Pcm) -> bytes:
    return samples.astype("<i2").tobytes()
