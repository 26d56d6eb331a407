"""Reads and codes recordings with libsndfile. Nothing else in this package imports soundfile."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from biometrics.errors import UnreadableRecording
from biometrics.waveform import Waveform

SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".opus", ".oga"})
"""What counts as a recording in a folder of recordings."""

_CONTAINERS: Mapping[str, Mapping[str, Any]] = {
    **{subtype: {"format": "WAV"} for subtype in ("ULAW", "ALAW", "GSM610", "G721_32")},
    # libsndfile sets Opus's bit rate by this: 12.8 kbit/s were measured for speech at 8 kHz.
    "OPUS": {"format": "OGG", "compression_level": 0.98},
}


def read_recording(file: Path, *, longest_ms: int | None = None) -> Waveform:
    """The recording in `file`, channels mixed, at its own rate, cut after `longest_ms`.

    Raises:
        UnreadableRecording: it cannot be opened or decoded.
    """
    try:
        with soundfile.SoundFile(file) as sound:
            rate_hz = int(sound.samplerate)
            frames = -1 if longest_ms is None else longest_ms * rate_hz // 1000
            samples = sound.read(frames, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError, TypeError) as err:
        # libsndfile asks for rate and width of a headerless file with a TypeError.
        raise UnreadableRecording("A file is no recording that can be read.") from err
    return Waveform(samples=samples.mean(axis=1, dtype=np.float32), rate_hz=rate_hz)


def coded(waveform: Waveform, subtype: str) -> Waveform:
    """What is left of `waveform` after one of libsndfile's codecs.

    ULAW, ALAW, GSM610, G721_32 or OPUS; the last two of which take 8 kHz.
    """
    if not len(waveform.samples):
        return waveform
    file = BytesIO()
    clipped = np.clip(waveform.samples, -1.0, 1.0)
    soundfile.write(file, clipped, waveform.rate_hz, subtype=subtype, **_CONTAINERS[subtype])
    file.seek(0)
    samples, _ = soundfile.read(file, dtype="float32")
    # Block codecs code whole frames, so more may come back than went in.
    return Waveform(samples=samples[: len(clipped)], rate_hz=waveform.rate_hz)
