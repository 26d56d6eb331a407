"""Whether the caller is speaking right now."""

from collections.abc import Callable

import numpy as np

from biometrics import SpeechStream
from ivr.live.pcm import samples_of

_HYSTERESIS = 0.25
"""Speech ends where the probability falls so far below what began it. With 0.15, as for recordings,
the dip behind a first syllable made two of seven callers wait half a second to be noticed."""

_QUIETEST = 16 / 32_768
"""Below this peak a line is silent: gateways send zeros or comfort noise there."""


class Ear:
    """Hears one caller, frame by frame. Never shared."""

    def __init__(self, listen: Callable[[], SpeechStream], *, probability: float) -> None:
        self._stream = listen()
        self._probability = probability
        self._is_speech = False

    def hear(self, frame: bytes) -> bool:
        """Whether somebody speaks at the end of this frame, 16 bits and 8 kHz."""
        samples = samples_of(frame)
        if not len(samples) or float(np.abs(samples).max()) < _QUIETEST:
            self._is_speech = False
            return False
        for probability in self._stream.feed(samples):
            limit = self._probability - (_HYSTERESIS if self._is_speech else 0.0)
            self._is_speech = bool(probability >= limit)
        return self._is_speech
