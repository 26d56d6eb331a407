"""Whatever bytes come, the answer is a waveform or a sentence."""

from collections import Counter
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.errors import CallProblem
from ivr.listen.wav import read_wav
from ivr.settings import ListenSettings

SETTINGS = ListenSettings()
HEADER_BYTES = 100
TRIES = 1_000
SUBTYPES = ["PCM_U8", "PCM_16", "PCM_24", "FLOAT", "DOUBLE", "ULAW", "ALAW", "GSM610"]
LEAVES = {
    "heard",
    "empty_recording",
    "unreadable_audio",
    "truncated_recording",
    "unsupported_audio",
    "recording_too_long",
}
EXTENSIBLE = [subtype for subtype in SUBTYPES if subtype != "GSM610"]
EDGES = [0, 1, 2, 3, 6, 7, 8, 0x11, 0x31, 40, 0x7F, 0x80, 0xFE, 0xFF]

Writer = Callable[..., bytes]
Tone = Callable[..., NDArray[np.float64]]


def mutated(data: bytes, random: Random) -> bytes:
    """A few header bytes changed, inserted, dropped, or the file cut."""
    bent = bytearray(data)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(min(HEADER_BYTES, len(bent)) or 1)
        match random.randrange(6):
            case 0:
                bent[at : at + 1] = random.randbytes(1)
            case 1:
                bent[at : at + 1] = bytes([random.choice(EDGES)])
            case 2:
                bent[at : at + 4] = random.choice([bytes(4), b"\xff" * 4])
            case 3:
                del bent[at : at + random.randint(1, 4)]
            case 4:
                bent[at:at] = random.randbytes(random.randint(1, 4))
            case _:
                bent = bent[: random.randint(0, len(bent))]
    return bytes(bent)


def outcome(data: bytes) -> str:
    """The code of the leaf that was raised; anything but a leaf fails the test by itself."""
    try:
        assert_is_sound(read_wav(data, SETTINGS))
    except CallProblem as problem:
        return problem.code if problem.sentence.endswith(".") else "no sentence"
    return "heard"


def assert_is_sound(heard: Waveform) -> None:
    assert np.float32 == heard.samples.dtype
    assert heard.samples.ndim == 1
    assert len(heard.samples) > 0
    assert np.isfinite(heard.samples).all()
    assert np.abs(heard.samples).max() <= 1


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("WAV", subtype) for subtype in SUBTYPES] + [("WAVEX", subtype) for subtype in EXTENSIBLE],
)
def test_a_bent_header_is_a_sentence_or_a_sound(
    by_libsndfile: Writer, tone: Tone, subtype: str, container: str
) -> None:
    random = Random(f"{container} {subtype}")  # noqa: S311 - the same bytes on every run
    whole = by_libsndfile(tone(ms=40), 8_000, subtype, container)

    outcomes = Counter(outcome(mutated(whole, random)) for _ in range(TRIES))

    assert outcomes.keys() <= LEAVES
    assert outcomes["heard"] > 0
    assert len(outcomes) >= 4, "the mutations reach several refusals"


def test_random_bytes_are_a_sentence() -> None:
    random = Random(1)  # noqa: S311 - the same bytes on every run
    outcomes = {outcome(random.randbytes(random.randint(1, 200))) for _ in range(TRIES)}

    assert outcomes <= {"unreadable_audio"}


def test_random_bytes_behind_a_riff_header_are_a_sentence_or_a_sound() -> None:
    random = Random(2)  # noqa: S311 - the same bytes on every run
    for _ in range(TRIES):
        data = b"RIFF\x24\x00\x00\x00WAVEfmt " + random.randbytes(random.randint(0, 200))
        assert outcome(data) in LEAVES


def test_random_sound_in_every_coding_is_a_sound_or_a_sentence(
    by_libsndfile: Writer, tone: Tone
) -> None:
    random = Random(3)  # noqa: S311 - the same bytes on every run
    for subtype in SUBTYPES:
        whole = by_libsndfile(tone(ms=40), 8_000, subtype)
        first = whole.index(b"data") + 8
        for _ in range(50):
            noisy = whole[:first] + random.randbytes(len(whole) - first)
            assert outcome(noisy) in {"heard", "unreadable_audio"}
