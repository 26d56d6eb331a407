"""How alike two voices are."""

import numpy as np

from biometrics.voiceprint import EncoderId, Vector, Voiceprint


def cosine(first: Vector, second: Vector) -> float:
    """Cosine of the angle between two voices, -1 to 1, higher is more alike.

    Raises:
        ValueError: the vectors have different lengths, so different encoders made them.
    """
    if first.shape != second.shape:
        raise ValueError("Vectors of different encoders cannot be compared.")
    a, b = first.astype(np.float64), second.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.clip(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)), -1.0, 1.0))


def score(voiceprint: Voiceprint, vector: Vector, *, encoder: EncoderId) -> float:
    """Cosine between a voiceprint and what `encoder` heard, -1 to 1, higher is more alike.

    Raises:
        ValueError: another encoder made the voiceprint.
    """
    if voiceprint.encoder != encoder:
        raise ValueError("A voiceprint can only be compared by the encoder that made it.")
    return cosine(voiceprint.vector, vector)
