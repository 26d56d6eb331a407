"""Published values are those of ITU-T G.711, tables 1a (A-law) and 2a (mu-law)."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from ivr.listen.g711 import Pcm, decode_alaw, decode_mulaw, encode_alaw, encode_mulaw

EVERY_CODE = bytes(range(256))
EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)

MULAW_OUTPUT = [
    (0x80, 8031),
    (0x8F, 4191),
    (0x9F, 2079),
    (0xAF, 1023),
    (0xBF, 495),
    (0xCF, 231),
    (0xDF, 99),
    (0xEF, 33),
    (0xFE, 2),
    (0xFF, 0),
]
"""Table 2a, columns 6 and 7: code sent for positive values, 14-bit output value."""

MULAW_DECISIONS = [7903, 4063, 2015, 991, 479, 223, 95, 31, 1]
"""Table 2a, column 4: from this 14-bit magnitude on, the louder code is sent."""

ALAW_OUTPUT = [
    (0xFF, 4032),
    (0xF0, 2112),
    (0xE0, 1056),
    (0xD0, 528),
    (0xC0, 264),
    (0xB0, 132),
    (0xA0, 66),
    (0x80, 1),
]
"""Table 1a, columns 6 and 7, before the even bits are inverted: code, 13-bit output value."""

ALAW_DECISIONS = [3968, 2048, 1024, 512, 256, 128, 64]
"""Table 1a, column 4."""


def by_libsndfile(samples: Pcm, subtype: str) -> bytes:
    file = BytesIO()
    soundfile.write(file, samples, 8000, format="RAW", subtype=subtype)
    return file.getvalue()


def from_libsndfile(codes: bytes, subtype: str) -> Pcm:
    samples, _ = soundfile.read(
        BytesIO(codes), format="RAW", subtype=subtype, channels=1, samplerate=8000, dtype="int16"
    )
    return np.asarray(samples, dtype=np.int16)


@pytest.mark.parametrize(("code", "output"), MULAW_OUTPUT)
def test_mulaw_gives_the_published_levels(code: int, output: int) -> None:
    positive, negative = decode_mulaw(bytes([code, code & 0x7F])).tolist()

    assert (4 * output, -4 * output) == (positive, negative)


@pytest.mark.parametrize("decision", MULAW_DECISIONS)
def test_mulaw_changes_its_code_at_the_published_decision_values(decision: int) -> None:
    below, at = encode_mulaw(np.array([4 * decision - 1, 4 * decision], dtype=np.int16))

    assert below - 1 == at


@pytest.mark.parametrize(("code", "output"), ALAW_OUTPUT)
def test_alaw_gives_the_published_levels(code: int, output: int) -> None:
    sent = code ^ 0x55
    positive, negative = decode_alaw(bytes([sent, sent ^ 0x80])).tolist()

    assert (8 * output, -8 * output) == (positive, negative)


@pytest.mark.parametrize("decision", ALAW_DECISIONS)
def test_alaw_changes_its_code_at_the_published_decision_values(decision: int) -> None:
    below, at = encode_alaw(np.array([8 * decision - 1, 8 * decision], dtype=np.int16))

    assert (below ^ 0x55) + 1 == at ^ 0x55


def test_the_corners_of_mulaw() -> None:
    assert decode_mulaw(b"\x00\x80\xff\x7f").tolist() == [-32124, 32124, 0, 0]


def test_the_corners_of_alaw() -> None:
    assert decode_alaw(b"\xd5\x55\x2a\xaa").tolist() == [8, -8, -32256, 32256]


def test_the_extremes_of_16_bits_are_coded_as_the_loudest() -> None:
    extremes = np.array([-32768, 32767], dtype=np.int16)

    assert encode_mulaw(extremes) == b"\x00\x80"
    assert encode_alaw(extremes) == b"\x2a\xaa"


def test_every_mulaw_code_comes_back_but_minus_zero() -> None:
    there_and_back = encode_mulaw(decode_mulaw(EVERY_CODE))

    assert EVERY_CODE.replace(b"\x7f", b"\xff") == there_and_back


def test_every_alaw_code_comes_back() -> None:
    assert encode_alaw(decode_alaw(EVERY_CODE)) == EVERY_CODE


def errors(codec: Callable[[Pcm], Pcm]) -> NDArray[np.int64]:
    return np.asarray(np.abs(codec(EVERY_SAMPLE).astype(int) - EVERY_SAMPLE.astype(int)))


def test_mulaw_is_wrong_by_half_a_step_at_most() -> None:
    """Steps double from 8 in the lowest segment to 1024 in the highest."""
    wrong = errors(lambda samples: decode_mulaw(encode_mulaw(samples)))
    magnitude = np.abs(EVERY_SAMPLE.astype(int)) + 132
    step = 2 ** (np.floor(np.log2(magnitude)).astype(int) - 4)
    is_within_range = magnitude < 32768

    assert (wrong <= step / 2)[is_within_range].all()
    assert wrong.max() == 644


def test_alaw_is_wrong_by_half_a_step_at_most() -> None:
    """Steps double from 16 in the lowest two segments to 1024 in the highest."""
    wrong = errors(lambda samples: decode_alaw(encode_alaw(samples)))
    magnitude = np.maximum(np.abs(EVERY_SAMPLE.astype(int)), 256)
    step = 2 ** (np.floor(np.log2(np.minimum(magnitude, 32767))).astype(int) - 4)

    assert (wrong <= step / 2).all()
    assert wrong.max() == 512


def test_every_16_bit_sample_is_coded_as_libsndfile_codes_it() -> None:
    assert by_libsndfile(EVERY_SAMPLE, "ULAW") == encode_mulaw(EVERY_SAMPLE)
    assert by_libsndfile(EVERY_SAMPLE, "ALAW") == encode_alaw(EVERY_SAMPLE)


def test_every_code_is_decoded_as_libsndfile_decodes_it() -> None:
    assert from_libsndfile(EVERY_CODE, "ULAW").tolist() == decode_mulaw(EVERY_CODE).tolist()
    assert from_libsndfile(EVERY_CODE, "ALAW").tolist() == decode_alaw(EVERY_CODE).tolist()


def test_no_sound_is_no_sound() -> None:
    assert encode_mulaw(np.zeros(0, dtype=np.int16)) == b""
    assert decode_alaw(b"").tolist() == []


def test_every_second_sample_of_a_stereo_file_can_be_coded() -> None:
    """A slice with a stride is still a view of 16-bit samples."""
    assert encode_alaw(EVERY_SAMPLE[::2].copy()) == encode_alaw(EVERY_SAMPLE[::2])
