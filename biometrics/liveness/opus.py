"""Opus in Ogg, through libsndfile: how training material is kept, and one of the lines."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from biometrics.waveform import Waveform

_THRIFT = 0.95
"""About 25 kbit/s of speech at 16 kHz."""


def through_opus(waveform: Waveform, *, thrift: float = _THRIFT) -> Waveform:
    """What is left of `waveform`, at a rate that Opus knows.

    `thrift` is libsndfile's scale of compression: 0 for the most bits, 1 for the fewest.
    """
    file = BytesIO()
    _write(waveform, file, thrift)
    file.seek(0)
    samples, _ = soundfile.read(file, dtype="float32")
    return Waveform(samples=samples[: len(waveform.samples)], rate_hz=waveform.rate_hz)


def write_recording(waveform: Waveform, file: Path) -> None:
    """Keep `waveform`, at a rate that Opus knows."""
    with file.open("wb") as target:
        _write(waveform, target, _THRIFT)


def _write(waveform: Waveform, file: BinaryIO, thrift: float) -> None:
    clipped = np.clip(waveform.samples, -1.0, 1.0)
    soundfile.write(
        file, clipped, waveform.rate_hz, format="OGG", subtype="OPUS", compression_level=thrift
    )
