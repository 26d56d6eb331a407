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
    vector = turned(voiceprint.vector.astype(np.float64), _axes(opened.keys[0]))
    return opened.seal(_KIND, json.dumps(head).encode() + _END + vector.astype(_FLOAT64).tobytes())


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
        vector = turned_back(np.frombuffer(numbers, dtype=_FLOAT64), _axes(key))
        return Voiceprint(
            subject=subject,
            encoder=EncoderId(head["encoder"]),
            weights_sha256=head["weights_sha256"],
            vector=_finite(vector.astype(np.float32)),
            net_speech_ms=head["net_speech_ms"],
            recordings=head["recordings"],
            enrolled_at=datetime.fromisoformat(head["enrolled_at"]),
        )
    except (ValueError, KeyError, TypeError) as err:
        raise Tampered(_DAMAGED) from err


def _finite(vector: Vector) -> Vector:
    if not (len(vector) and np.isfinite(vector).all()):
        raise Tampered(_DAMAGED)
    return vector


def _axes(key: bytes) -> bytes:
    return derived(key, purpose="axes of the voice")
