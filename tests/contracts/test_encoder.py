"""What every voice encoder must do."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import biometrics
from biometrics import Encoder, TooLittleSpeech, Waveform, cosine, resampled
from biometrics.ecapa import load_own
from ivr.errors import ModelMissing
from ivr.listen.wav import read_wav
from ivr.settings import ListenSettings
from ivr.wiring import House

WEIGHTS = Path(biometrics.__file__).with_name("weights")
FIXTURES = Path(__file__).parents[2] / "audio_fixtures"


def fixture(name: str) -> Waveform:
    return read_wav((FIXTURES / name).read_bytes(), ListenSettings())


@pytest.fixture(scope="module", params=["telephone-ecapa-0", "spkrec-ecapa-voxceleb"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "telephone-ecapa-0":
        return load_own(WEIGHTS / request.param)
    from biometrics.ecapa import load_spkrec  # noqa: PLC0415 - only where its weights are

    try:
        return load_spkrec(House.from_environment().places.model(request.param))
    except ModelMissing as missing:
        pytest.skip(missing.sentence)


def test_too_little_speech_is_refused(encoder: Encoder) -> None:
    short = fixture("klaus-flight.wav").cut(1_000, 1_000 + encoder.shortest_ms - 1)

    with pytest.raises(TooLittleSpeech):
        encoder.encode(short)


def test_a_voice_is_a_vector_of_length_one(encoder: Encoder) -> None:
    vector = encoder.encode(fixture("klaus-flight.wav"))

    assert (vector.shape, vector.dtype) == ((encoder.dimension,), np.float32)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def test_any_rate_is_the_same_voice(encoder: Encoder) -> None:
    sound = fixture("klaus-flight.wav")

    alike = cosine(encoder.encode(sound), encoder.encode(resampled(sound, 44_100)))

    assert alike > 0.99


def test_one_person_sounds_more_like_themselves_than_like_another(encoder: Encoder) -> None:
    klaus = encoder.encode(fixture("klaus-enrol-1.wav"))
    again = encoder.encode(fixture("klaus-flight.wav"))
    other = encoder.encode(fixture("impostor-flight.wav"))

    assert cosine(klaus, again) > cosine(klaus, other) + 0.2


def test_threads_share_it_without_a_difference(encoder: Encoder) -> None:
    sound = fixture("emily-refund.wav")
    alone = encoder.encode(sound)

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(encoder.encode, [sound] * 8))

    assert all(np.array_equal(alone, vector) for vector in together)
