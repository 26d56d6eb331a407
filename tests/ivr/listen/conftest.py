"""Recordings made on the spot, in every shape a telephone exchange writes."""

from collections.abc import Callable
from io import BytesIO
from struct import pack

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

RiffWriter = Callable[..., bytes]


def chunk(name: bytes, content: bytes) -> bytes:
    return pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


@pytest.fixture
def riff() -> RiffWriter:
    """Writes a WAV file by hand, wrong where it is told to be."""

    def write(  # noqa: PLR0913 - each field of the header can be wrong by itself
        sound: bytes = bytes(1_600),
        *,
        tag: int = 1,
        channels: int = 1,
        rate_hz: int = 8_000,
        bits: int = 16,
        block_bytes: int | None = None,
        declared: int | None = None,
        before: bytes = b"",
        extension: bytes = b"",
    ) -> bytes:
        block = channels * bits // 8 if block_bytes is None else block_bytes
        layout = pack("<HHIIHH", tag, channels, rate_hz, rate_hz * block & 0xFFFFFFFF, block, bits)
        data = pack("<4sI", b"data", len(sound) if declared is None else declared) + sound
        body = b"WAVE" + before + chunk(b"fmt ", layout + extension) + data
        return pack("<4sI", b"RIFF", len(body)) + body

    return write


@pytest.fixture
def by_libsndfile() -> Callable[..., bytes]:
    """Writes a WAV file as libsndfile does."""

    def write(
        samples: NDArray[np.float64], rate_hz: int, subtype: str, container: str = "WAV"
    ) -> bytes:
        file = BytesIO()
        soundfile.write(file, samples, rate_hz, format=container, subtype=subtype)
        return file.getvalue()

    return write


@pytest.fixture
def tone() -> Callable[..., NDArray[np.float64]]:
    """A sine at half of full scale."""

    def make(
        hz: int = 440, *, ms: int = 500, rate_hz: int = 8_000, level: float = 0.5
    ) -> NDArray[np.float64]:
        time = np.arange(rate_hz * ms // 1000) / rate_hz
        return np.asarray(level * np.sin(2 * np.pi * hz * time))

    return make
