"""An encoder made of a front end and a network, whatever computes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from biometrics.encoder import unit
from biometrics.errors import TooLittleSpeech
from biometrics.resample import resampled
from biometrics.voiceprint import EncoderId, Vector
from biometrics.waveform import Waveform

Hear = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From samples at the network's rate, shape (n,), to a voice, shape (dimension,), of any length."""

_SHORTEST_MS = 500
_LONGEST_MS = 20_000
"""Longer speech is encoded in equal parts, so that memory stays bounded: 20 s take about 0.3 GB in
the upstream ECAPA network."""


class NetworkEngine(StrEnum):
    """What computes a network."""

    OPENVINO = "openvino"
    TORCH = "torch"
    """The reference that the other is tested against; several times slower."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkEncoder:
    """A loaded voice network. Stateless once built: one instance serves every thread."""

    id: EncoderId
    dimension: int
    rate_hz: int
    weights_sha256: str
    hear: Hear = field(repr=False)
    shortest_ms: int = _SHORTEST_MS

    def encode(self, speech: Waveform) -> Vector:
        """The voice in `speech`, at any rate. Not a number where a sample is not.

        Raises:
            TooLittleSpeech: shorter than `shortest_ms`.
        """
        if speech.duration_ms < self.shortest_ms:
            raise TooLittleSpeech(
                f"{speech.duration_ms / 1000:.1f} s of speech carries no voice; "
                f"{self.shortest_ms / 1000:.1f} s is the least."
            )
        samples = np.array(resampled(speech, self.rate_hz).samples, dtype=np.float32)
        if not np.isfinite(samples).all():
            # An engine may turn what is no number into one; nothing may match by that.
            return np.full(self.dimension, np.nan, dtype=np.float32)
        parts = -(-speech.duration_ms // _LONGEST_MS)
        vectors = [unit(self.hear(part)) for part in np.array_split(samples, parts)]
        return unit(np.mean(vectors, axis=0, dtype=np.float32))
