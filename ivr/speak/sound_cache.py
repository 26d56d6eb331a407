"""Sentences that have been rendered before, in memory and on disk."""

import hashlib
import logging
import os
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import numpy as np

from biometrics import Waveform
from ivr.whole_files import with_digest, without_digest

_log = logging.getLogger(__name__)

_MOST = 5_000
"""In memory; the prompts of one business are some hundred in each language."""


class SoundCache:
    """Keeps sounds of one rate as 16-bit samples. Losing it costs time and nothing else."""

    def __init__(self, folder: Path | None, *, rate_hz: int) -> None:
        self._folder = folder
        self._rate_hz = rate_hz
        self._lock = Lock()
        self._in_memory: OrderedDict[str, Waveform] = OrderedDict()

    def get(self, *what: str) -> Waveform | None:
        """The sound kept under these words; None when there is none, or only a damaged one."""
        key = _key(what)
        sound = self._in_memory.get(key)
        if sound is None and self._folder is not None:
            sound = self._read(self._folder / key)
            if sound is not None:
                self._remember(key, sound)
        return sound

    def put(self, *what: str, sound: Waveform) -> Waveform:
        """Keep the sound and hand it back as it is kept. A disk that refuses is not an error."""
        key = _key(what)
        pcm = np.rint(np.clip(sound.samples, -1, 1) * 32_767).astype("<i2").tobytes()
        kept = self._sound(pcm)
        self._remember(key, kept)
        if self._folder is not None:
            try:
                _write(self._folder / key, with_digest(key, pcm))
            except OSError as err:
                _log.warning("prompt_not_cached", extra={"errno": err.errno})
        return kept

    def _remember(self, key: str, sound: Waveform) -> None:
        """The latest; words that people edit again and again are not kept for ever."""
        with self._lock:
            self._in_memory[key] = sound
            while len(self._in_memory) > _MOST:
                self._in_memory.popitem(last=False)

    def _read(self, path: Path) -> Waveform | None:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        pcm = without_digest(path.name, content)
        if pcm is None:
            _log.warning("cached_prompt_damaged")
            return None
        return self._sound(pcm)

    def _sound(self, pcm: bytes) -> Waveform:
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_767)
        samples.setflags(write=False)  # shared by every call
        return Waveform(samples=samples, rate_hz=self._rate_hz)


def _key(what: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(what).encode()).hexdigest() + ".pcm"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, suffix=".unfinished")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).replace(path)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise
