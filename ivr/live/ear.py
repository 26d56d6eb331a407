"""Whether the caller is speaking right now."""

from collections.abc import Callable

import numpy as np

from biometrics import SpeechStream
from ivr.live.pcm import samples_of
from ivr.live.wire import FRAME_MS

_HYSTERESIS = 0.25
"""Speech ends where the probability falls so far below what began it. With 0.15, as for recordings,
the dip behind a first syllable made two of seven callers wait half a second to be noticed."""

_QUIETEST = 16 / 32_768
"""Below this peak a line is silent: gateways send zeros or comfort noise there."""

_STILL = 10 ** (-36 / 20)
"""Of the loudest speech lately: quieter is the line, not the voice. On a noisy line nothing is."""

_FADE = 10 ** (-3 / 20 * FRAME_MS / 1_000)
"""By so much the loudest speech is forgotten with each frame, 3 dB a second."""


class Ear:
    """Hears one caller, frame by frame. Never shared."""

    def __init__(self, listen: Callable[[], SpeechStream], *, probability: float) -> None:
        self._stream = listen()
        self._probability = probability
        self._is_speech = False
        self._loudest = 0.0
        self.still_ms = 0
        """For so long the line has been as quiet as when nobody speaks. Silero still hears speech
        then: for up to a quarter of a second behind the last word."""

    def hear(self, frame: bytes) -> bool:
        """Whether somebody speaks at the end of this frame, 16 bits and 8 kHz."""
        samples = samples_of(frame)
        if not len(samples) or float(np.abs(samples).max()) < _QUIETEST:
            self._is_speech = False
            self.still_ms += FRAME_MS
            return False
        for probability in self._stream.feed(samples):
            limit = self._probability - (_HYSTERESIS if self._is_speech else 0.0)
            self._is_speech = bool(probability >= limit)
        self._measure(float(np.sqrt(np.mean(samples**2))))
        return self._is_speech

    def _measure(self, level: float) -> None:
        self._loudest *= _FADE
        if self._is_speech:
            self._loudest = max(self._loudest, level)
        self.still_ms = self.still_ms + FRAME_MS if level < _STILL * self._loudest else 0
