"""A voiceprint as sealed bytes, and back."""

import json
from datetime import UTC, datetime

import numpy as np

from biometrics.vault.cipher import Tampered, derived
from biometrics.vault.secret_axes import turned, turned_back
from biometrics.vault.vault import Opened
from biometrics.voiceprint import EncoderId, SubjectId, Vector, Voiceprint

_KIND = "voiceprint"
_FLOAT64 = np.dtype("<f8")
"""Wider than the vector, so that turning to and fro costs it 1e-15 of its length and no more."""

VALUE_BYTES = _FLOAT64.itemsize

_END = b"\n"
_DAMAGED = "A voiceprint in the store is damaged; enrol the voice again."


def seal_voiceprint(voiceprint: Voiceprint, opened: Opened) -> bytes:
    """Everything about the print, its vector on axes of the subject's newest key."""
    head = {
        "encoder": voiceprint.encoder,
        "weights_sha256": voiceprint.weights_sha256,
        "net_speech_ms": voiceprint.net_speech_ms,
        "recordings": voiceprint.recordings,
        "enrolled_at": voiceprint.enrolled_at.astimezone(UTC).isoformat(),
    }
    numbers = written(voiceprint.vector, axes_of(opened.keys[0]))
    return opened.seal(_KIND, json.dumps(head).encode() + _END + numbers)


def unseal_voiceprint(sealed: object, subject: SubjectId, opened: Opened) -> Voiceprint:
    """The print of `subject`.

    Raises:
        Tampered: the record was changed, cut, or is another subject's.
    """
    if not isinstance(sealed, bytes):
        raise Tampered(_DAMAGED)
    plain, key = opened.unseal(_KIND, sealed)
    try:
        text, _, numbers = plain.partition(_END)
        head = json.loads(text)
        return Voiceprint(
            subject=subject,
            encoder=EncoderId(head["encoder"]),
            weights_sha256=head["weights_sha256"],
            vector=vector_from(numbers, axes_of(key)),
            net_speech_ms=head["net_speech_ms"],
            recordings=head["recordings"],
            enrolled_at=datetime.fromisoformat(head["enrolled_at"]),
        )
    except (ValueError, KeyError, TypeError) as err:
        raise Tampered(_DAMAGED) from err


def written(vector: Vector, axes: bytes) -> bytes:
    """The vector on secret axes."""
    return turned(vector.astype(np.float64), axes).astype(_FLOAT64).tobytes()


def vector_from(numbers: bytes, axes: bytes) -> Vector:
    """What was `written`.

    Raises:
        Tampered: they are no vector.
        ValueError: they are not even numbers.
    """
    vector = turned_back(np.frombuffer(numbers, dtype=_FLOAT64), axes).astype(np.float32)
    if not (len(vector) and np.isfinite(vector).all()):
        raise Tampered(_DAMAGED)
    return vector


def axes_of(key: bytes) -> bytes:
    """Which axes a subject's key decides."""
    return derived(key, purpose="axes of the voice")
