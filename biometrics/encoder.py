"""The port to whatever turns a voice into numbers."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import TooLittleSpeech
from biometrics.speech import Speech
from biometrics.voiceprint import EncoderId, Vector
from biometrics.waveform import Waveform


class Encoder(Protocol):
    """A loaded voice encoder. One per process, shared by every call."""

    @property
    def id(self) -> EncoderId:
        """Changes whenever its vectors can no longer be compared with earlier ones."""

    @property
    def dimension(self) -> int:
        """Length of its vectors."""

    @property
    def rate_hz(self) -> int:
        """Sampling rate it hears natively."""

    @property
    def shortest_ms(self) -> int:
        """Less speech than this carries no voice for it."""

    @property
    def weights_sha256(self) -> str:
        """Of the weights file, so that what was made with it can name it."""

    def encode(self, speech: Waveform) -> Vector:
        """The voice in `speech`, at any rate.

        Raises:
            TooLittleSpeech: shorter than `shortest_ms`.
        """


CONTEXT_MS = 1_000
"""How much of the pause around speech an encoder hears. Encoders learn from recordings with their
pauses, and subtract the mean over all of it; without pauses telephone-ecapa-0 had an equal error
rate of 14.6 % where it has 12.1 % with them (60 speakers of speechocean762, 3 s, mu-law)."""


def voice_in(speech: Speech, encoder: Encoder) -> Vector:
    """The voice that `encoder` hears in a recording in which speech was looked for.

    Raises:
        TooLittleSpeech: less speech than the encoder needs.
    """
    if speech.net_ms < encoder.shortest_ms:
        raise TooLittleSpeech(
            f"{speech.net_ms / 1000:.1f} s of speech carries no voice; "
            f"{encoder.shortest_ms / 1000:.1f} s is the least."
        )
    return encoder.encode(speech.in_context(CONTEXT_MS).waveform)


def unit(vector: NDArray[np.float32]) -> Vector:
    """The same direction at length one. A vector without direction comes back as not a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
