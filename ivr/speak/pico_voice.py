"""SVOX Pico: German, and British English where no better voice is installed."""

from importlib.metadata import version

import numpy as np
import py_nanotts

from biometrics import Waveform
from ivr.call import Language
from ivr.errors import NoVoice
from ivr.speak.cleared_memory import cleared_memory
from ivr.speak.markup import without_markup

_RATE_HZ = 16_000

_VOLUME = 0.5
"""Pico's own level cuts the peaks off; from half of it on none is cut (measured)."""

_LINGWARE = {
    Language.GERMAN: py_nanotts.Voice.de_DE,
    Language.ENGLISH: py_nanotts.Voice.en_GB,
}


class PicoVoice:
    """One of Pico's voices: the same words are the same sound, every time.

    Every call builds an engine of its own in memory that it does not clear; where that is not
    zero, silences waver by some hundred milliseconds and words by a little.
    """

    def __init__(self, language: Language, *, tempo: float = 1.0, pitch: float = 1.0) -> None:
        """`tempo` (0.2 to 5) and `pitch` (0.5 to 2) are relative to the voice's own."""
        self._language = language
        self._name = f"pico-{language}-{version('py-nanotts')}-{tempo}-{pitch}"
        self._manner = {"speed": tempo, "pitch": pitch, "volume": _VOLUME}
        self._engine = py_nanotts.NanoTTS()

    @property
    def name(self) -> str:
        return self._name

    @property
    def language(self) -> Language:
        return self._language

    def speak(self, text: str) -> Waveform:
        """The text at 16 kHz; empty when it holds nothing that can be said.

        Raises:
            NoVoice: Pico could not speak it.
        """
        words = without_markup(text)
        if not any(sign.isalnum() for sign in words):
            return Waveform(samples=np.zeros(0, dtype=np.float32), rate_hz=_RATE_HZ)
        try:
            with cleared_memory():  # and one at a time: Pico promises nothing of several engines
                pcm = self._engine.speak(words, _LINGWARE[self._language], **self._manner)
        except RuntimeError as err:
            raise NoVoice("Pico could not speak this sentence.") from err
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)
        return Waveform(samples=samples, rate_hz=_RATE_HZ)
