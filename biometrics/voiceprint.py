"""The print of a voice, kept under an opaque subject id."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

import numpy as np
from numpy.typing import NDArray

SubjectId = NewType("SubjectId", str)
"""Names a voice. It says nothing about the person: no number, no name."""

EncoderId = NewType("EncoderId", str)
"""Names an encoder and its version, such as `telephone-ecapa-0`."""

Vector = NDArray[np.float32]
"""Shape (dimension,), length one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voiceprint:
    """A voice as one encoder heard it. Prints of different encoders cannot be compared."""

    subject: SubjectId
    encoder: EncoderId
    vector: Vector = field(repr=False)

    net_speech_ms: int
    """Speech it was made from."""

    recordings: int
    """Recordings it was made from."""

    enrolled_at: datetime
    """Aware, UTC."""

    weights_sha256: str = ""
    """Of the encoder's weights; empty where nobody wrote it down."""
