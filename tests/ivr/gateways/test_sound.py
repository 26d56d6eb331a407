"""Sound of any rate and coding, in pieces of any size, arrives whole and in tune."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.gateways.sound import SoundIn, SoundOut
from ivr.listen.g711 import encode_alaw, encode_mulaw

RATES = (8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000)


def tone(hz: int, rate_hz: int, ms: int = 1000) -> bytes:
    time = np.arange(rate_hz * ms // 1000) / rate_hz
    return (8000 * np.sin(2 * np.pi * hz * time)).astype("<i2").tobytes()


def level(data: bytes) -> float:
    samples: NDArray[np.int16] = np.frombuffer(data, dtype="<i2")
    steady = samples[len(samples) // 4 : -len(samples) // 4].astype(float)
    return float(np.sqrt(np.mean(steady**2)))


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("rate_hz", RATES)
def test_a_tone_of_the_telephone_band_keeps_its_level_and_length(rate_hz: int) -> None:
    sound = SoundIn(rate_hz=rate_hz)

    heard = b"".join(sound.take(piece) for piece in pieces(tone(1000, rate_hz), 1001))

    assert abs(len(heard) - 16_000) <= 4
    assert level(heard) == pytest.approx(8000 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_what_lies_above_the_telephone_band_does_not_come_back_as_another_tone(
    rate_hz: int,
) -> None:
    assert level(SoundIn(rate_hz=rate_hz).take(tone(6000, rate_hz))) < 8000 / np.sqrt(2) / 30


@pytest.mark.parametrize("rate_hz", RATES)
def test_every_frame_that_is_played_is_as_long_as_it_was(rate_hz: int) -> None:
    out = SoundOut(rate_hz=rate_hz)

    frames = [out.give(frame) for frame in pieces(tone(1000, 8000), 320)]

    assert {rate_hz * 20 // 1000 * 2} == {len(frame) for frame in frames}
    assert level(b"".join(frames)) == pytest.approx(8000 / np.sqrt(2), rel=0.05)


def test_both_laws_are_read_and_written() -> None:
    samples = np.frombuffer(tone(1000, 8000), dtype="<i2").astype(np.int16)

    for coding, encode in (("mulaw", encode_mulaw), ("alaw", encode_alaw)):
        codes = encode(samples)
        inside = SoundIn(coding=coding).take(codes)
        assert codes == SoundOut(coding=coding).give(inside)


def test_nothing_is_nothing() -> None:
    assert SoundIn(rate_hz=16_000).take(b"") == b""
