"""What takes long and is asked for soon can be worked out before it is certain to be needed."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Lock, local
from typing import TypeVar
from weakref import WeakValueDictionary

import numpy as np

from biometrics.speech import Speech
from biometrics.waveform import Waveform

S = TypeVar("S", Speech, Waveform)
R = TypeVar("R")

_Key = tuple[int, bytes]


@dataclass(slots=True, weakref_slot=True, eq=False)
class _Answer:
    value: object = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """Answers that were worked out ahead. They are forgotten with it."""

    answers: list[_Answer] = field(default_factory=list, repr=False)


class Beforehand:
    """Finds answers of functions again by the sound they were of. Safe for every thread.

    An answer depends on the samples and on where speech is in them, and on nothing else: whoever
    asks for it gets what the function would say. What nobody holds on to is not kept.
    """

    def __init__(self) -> None:
        self._found: WeakValueDictionary[_Key, _Answer] = WeakValueDictionary()
        self._lock = Lock()
        self._numbers = count()
        self._asking = local()

    def __len__(self) -> int:
        """Answers that somebody holds."""
        return len(self._found)

    @contextmanager
    def ahead(self) -> Iterator[Ahead]:
        """What this thread asks for inside is found for as long as the answer is held."""
        ahead = self._asking.ahead = Ahead()
        try:
            yield ahead
        finally:
            self._asking.ahead = None

    def of(self, function: Callable[[S], R]) -> Callable[[S], R]:
        """The function, which must be pure; its answers must not be changed."""
        number = next(self._numbers)

        def ask(sound: S) -> R:
            key = (number, _digest(sound))
            with self._lock:
                found = self._found.get(key)
            if found is None:
                found = _Answer(function(sound))
            ahead: Ahead | None = getattr(self._asking, "ahead", None)
            if ahead is not None:
                with self._lock:
                    self._found[key] = found
                ahead.answers.append(found)
            return found.value  # type: ignore[return-value]  # the key names the function

        return ask


def _digest(sound: Speech | Waveform) -> bytes:
    waveform = sound.waveform if isinstance(sound, Speech) else sound
    samples = np.ascontiguousarray(waveform.samples)
    head = f"{waveform.rate_hz} {samples.dtype} {sound.spans if isinstance(sound, Speech) else ''}"
    digest = hashlib.sha256(head.encode())
    digest.update(samples.data)
    return digest.digest()
