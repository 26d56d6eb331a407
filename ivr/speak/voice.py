"""The port to speech synthesis."""

from typing import Protocol

from biometrics import Waveform
from ivr.call import Language


class Voice(Protocol):
    """A loaded voice. One per process, shared by every call."""

    @property
    def name(self) -> str:
        """Such as pico-de."""

    @property
    def language(self) -> Language:
        """The one language it speaks."""

    def speak(self, text: str) -> Waveform:
        """The text as sound, at the voice's own rate."""
