"""Vectors of sentences that are encoded again at every start, kept on disk."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.understand.array_file import read_arrays, write_arrays


class Encoder(Protocol):
    """A loaded sentence encoder. One per process, shared by every call."""

    @property
    def version(self) -> str:
        """Vectors of different versions must never be compared."""

    @property
    def dimensions(self) -> int:
        """Length of each vector's list of numbers."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """One vector of norm 1 per sentence, shape (sentences, dimensions)."""


class SentenceCache:
    """Encodes each training sentence once.

    Only for sentences out of packs: what callers say must never be handed to it. A cache that
    cannot be read or written costs time, never a call.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        name = hashlib.sha256(encoder.version.encode()).hexdigest()[:16]
        self._file = folder / f"sentences-{name}.npz"

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """As the encoder would, shape (sentences, dimensions)."""
        keys = [self._key(sentence) for sentence in sentences]
        known = self._read()
        missing = {key: one for key, one in zip(keys, sentences, strict=True) if key not in known}
        if missing:
            new = self._encoder.encode(list(missing.values()))
            known |= dict(zip(missing, new, strict=True))
            vectors = np.stack(list(known.values()))
            write_arrays(self._file, {"keys": np.array(list(known)), "vectors": vectors})
        return np.stack([known[key] for key in keys])

    def _key(self, sentence: str) -> str:
        return hashlib.sha256(f"{self._encoder.version}\0{sentence}".encode()).hexdigest()

    def _read(self) -> dict[str, NDArray[np.float32]]:
        stored = read_arrays(self._file)
        keys, vectors = stored.get("keys"), stored.get("vectors")
        if keys is None or vectors is None:
            return {}
        if vectors.shape != (len(keys), self._encoder.dimensions) or vectors.dtype != np.float32:
            return {}
        return dict(zip(keys.tolist(), vectors, strict=True))
