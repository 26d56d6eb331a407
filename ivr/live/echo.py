"""Our own voice, coming back over the line."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from ivr.live.wire import FRAME_MS, FRAME_SAMPLES

_HEARD_MS = 240
"""So much of what was heard is compared: a syllable or two."""

_SAID_MS = 1_000
"""So far back it is looked for: networks and gateways delay an echo by up to half a second."""

_ALIKE = 0.75
"""Correlation from which on it is an echo. Of 599 moments of people reading, none was more like a
prompt of ours than 0.59; of 557 echoes over a mu-law line, 6 to 24 dB weaker, 95 % had over 0.88.
"""

_QUIET = 0.05
"""Share of the loudest stretch's energy."""

_FFT = 16_384
"""Longer than both together, so that nothing wraps around."""


class Echo:
    """Compares what a caller's line brings with what was sent into it. Never shared."""

    def __init__(self) -> None:
        self._heard: deque[bytes] = deque(maxlen=_HEARD_MS // FRAME_MS)
        self._said: deque[bytes] = deque(maxlen=_SAID_MS // FRAME_MS)

    def hear(self, frame: bytes) -> None:
        self._heard.append(frame)

    def say(self, frame: bytes) -> None:
        self._said.append(frame)

    def is_echo(self) -> bool:
        """Whether what was heard last is what was said shortly before."""
        heard, said = _sound(self._heard), _sound(self._said)
        if len(heard) < FRAME_SAMPLES or len(said) < len(heard):
            return False
        return _likeness(heard, said) >= _ALIKE


def _sound(frames: deque[bytes]) -> NDArray[np.float64]:
    return np.frombuffer(b"".join(frames), dtype="<i2").astype(np.float64)


def _likeness(part: NDArray[np.float64], whole: NDArray[np.float64]) -> float:
    """The highest normalised correlation of `part` with any stretch of `whole`, 0 to 1."""
    spectrum = np.fft.rfft(whole, _FFT) * np.conj(np.fft.rfft(part, _FFT))
    products = np.fft.irfft(spectrum, _FFT)[: len(whole) - len(part) + 1]
    energy = np.concatenate([[0.0], np.cumsum(whole**2)])
    stretches = energy[len(part) :] - energy[: len(whole) - len(part) + 1]
    # What is much quieter than the rest is like anything.
    stretches = np.maximum(stretches, max(_QUIET * float(stretches.max()), 1.0))
    scale = np.sqrt(stretches * max(float((part**2).sum()), 1.0))
    return float(np.max(np.abs(products) / scale))
