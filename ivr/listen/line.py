"""What a telephone line does to a voice, for fixtures and for measuring."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform, resampled
from ivr.listen.g711 import Pcm, decode_alaw, decode_mulaw, encode_alaw, encode_mulaw
from ivr.listen.wav import Samples, as_pcm, from_pcm, through_gsm

Codec = Literal["mulaw", "alaw", "gsm", "none"]
"""What the line speaks; `none` is a line that loses no more than the band."""

LINE_HZ = 8_000
BAND_HZ = (300, 3_400)
"""The telephone band of ITU-T G.712."""

_TAPS = 255
_KAISER_BETA = 8.0
"""With 255 taps at 8 kHz: 80 dB down within 80 Hz on either side of an edge, 6 dB at it."""


def telephone(waveform: Waveform, codec: Codec, *, is_banded: bool = True) -> Waveform:
    """`waveform` as the far end of a call hears it: 8 kHz, 300 to 3400 Hz, coded and decoded.

    It keeps its length and place in time. Without `is_banded` the low notes stay, as they do
    between two telephones on the internet.
    """
    samples = resampled(waveform, LINE_HZ).samples
    if is_banded and len(samples):
        samples = _banded(samples)
    if codec != "none" and len(samples):
        samples = from_pcm(_coded(as_pcm(samples), codec))
    return Waveform(samples=samples, rate_hz=LINE_HZ)


def _coded(samples: Pcm, codec: Literal["mulaw", "alaw", "gsm"]) -> Pcm:
    match codec:
        case "mulaw":
            return decode_mulaw(encode_mulaw(samples))
        case "alaw":
            return decode_alaw(encode_alaw(samples))
        case "gsm":
            return through_gsm(samples)


def _banded(samples: Samples) -> Samples:
    """Linear phase, so nothing is smeared, and the filter's own delay is cut off."""
    delay = _TAPS // 2
    filtered = np.convolve(samples, _band_pass())
    return filtered[delay : delay + len(samples)].astype(np.float32)


def _band_pass() -> NDArray[np.float64]:
    low, high = BAND_HZ
    return (_low_pass(high) - _low_pass(low)) * np.kaiser(_TAPS, _KAISER_BETA)


def _low_pass(edge_hz: int) -> NDArray[np.float64]:
    """An ideal low pass, not yet windowed."""
    at = np.arange(_TAPS) - _TAPS // 2
    cycles = 2 * edge_hz / LINE_HZ
    return np.asarray(cycles * np.sinc(cycles * at), dtype=np.float64)
