"""SVOX Pico: German, and British English where no better voice is installed."""

from importlib.metadata import version
from threading import Lock

import numpy as np
import py_nanotts

from biometrics import Waveform
from ivr.call import Language
from ivr.errors import NoVoice
from ivr.speak.markup import without_markup

_RATE_HZ = 16_000

_VOLUME = 0.5
"""Pico's own level cuts the peaks off; from half of it on none is cut (measured)."""

_LINGWARE = {
    Language.GERMAN: py_nanotts.Voice.de_DE,
    Language.ENGLISH: py_nanotts.Voice.en_GB,
}


class PicoVoice:
    """One of Pico's voices.

    It starts from memory that it does not clear, so its silences waver from call to call by some
    hundred milliseconds; the words do not.
    """

    def __init__(self, language: Language, *, tempo: float = 1.0, pitch: float = 1.0) -> None:
        """`tempo` (0.2 to 5) and `pitch` (0.5 to 2) are relative to the voice's own."""
        self._language = language
        self._name = f"pico-{language}-{version('py-nanotts')}-{tempo}-{pitch}"
        self._manner = {"speed": tempo, "pitch": pitch, "volume": _VOLUME}
        self._engine = py_nanotts.NanoTTS()
        # Every call builds its own engine and 0.1.1 holds the interpreter lock all along; this
        # lock only says that Pico's sources promise nothing about several engines at once.
        self._lock = Lock()

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
            with self._lock:
                pcm = self._engine.speak(words, _LINGWARE[self._language], **self._manner)
        except RuntimeError as err:
            raise NoVoice("Pico could not speak this sentence.") from err
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)
        return Waveform(samples=samples, rate_hz=_RATE_HZ)
