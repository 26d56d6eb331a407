"""What every voice encoder must do, on either engine."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes.models import installed
from fakes.published import campplus_folder, resemblyzer_folder, spkrec_folder

from biometrics import Encoder, TooLittleSpeech, Waveform, cosine, resampled
from biometrics.encoders.known import PULLED, load_encoder, own_encoders
from biometrics.encoders.network_encoder import NetworkEngine
from ivr.listen.wav import read_wav
from ivr.settings import ListenSettings

OWN = own_encoders()
FIXTURES = Path(__file__).parents[2] / "audio_fixtures"
MADE = {
    "spkrec of our making": spkrec_folder,
    "campplus of our making": campplus_folder,
    "resemblyzer of our making": resemblyzer_folder,
}


def fixture(name: str) -> Waveform:
    return read_wav((FIXTURES / name).read_bytes(), ListenSettings())


@pytest.fixture(scope="module", params=[*OWN, *MADE, *PULLED])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param in MADE:
        return MADE[request.param](tmp_path_factory.mktemp("made"))
    if request.param in OWN:
        return OWN[request.param]
    return installed(request.param)


@pytest.fixture(scope="module", params=NetworkEngine)
def encoder(request: pytest.FixtureRequest, folder: Path) -> Encoder:
    return load_encoder(folder, engine=request.param)


def test_too_little_speech_is_refused(encoder: Encoder) -> None:
    short = fixture("klaus-flight.wav").cut(1_000, 1_000 + encoder.shortest_ms - 1)

    with pytest.raises(TooLittleSpeech):
        encoder.encode(short)


def test_sound_that_is_not_a_number_gives_no_voice(encoder: Encoder) -> None:
    samples = fixture("klaus-flight.wav").samples.copy()
    samples[4_000] = np.nan

    assert np.isnan(encoder.encode(Waveform(samples=samples, rate_hz=8_000))).all()


def test_the_least_speech_is_enough(encoder: Encoder) -> None:
    short = fixture("klaus-flight.wav").cut(1_000, 1_000 + encoder.shortest_ms)

    assert np.isfinite(encoder.encode(short)).all()


def test_a_voice_is_a_vector_of_length_one(encoder: Encoder) -> None:
    vector = encoder.encode(fixture("klaus-flight.wav"))

    assert (vector.shape, vector.dtype) == ((encoder.dimension,), np.float32)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def test_any_rate_is_the_same_voice(encoder: Encoder) -> None:
    sound = fixture("klaus-flight.wav")

    alike = cosine(encoder.encode(sound), encoder.encode(resampled(sound, 44_100)))

    assert alike > 0.99


def test_one_person_sounds_more_like_themselves_than_like_another(
    encoder: Encoder, folder: Path
) -> None:
    if folder.name.startswith("made"):
        pytest.skip("weights of our own making know nobody")
    klaus = encoder.encode(fixture("klaus-enrol-1.wav"))
    again = encoder.encode(fixture("klaus-flight.wav"))
    other = encoder.encode(fixture("impostor-flight.wav"))

    assert cosine(klaus, again) > cosine(klaus, other) + 0.1


def test_threads_share_it_without_a_difference(encoder: Encoder) -> None:
    sounds = [fixture("emily-refund.wav"), fixture("klaus-flight.wav").cut(500, 2_000)] * 6
    alone = [encoder.encode(sound) for sound in sounds[:2]] * 6

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(encoder.encode, sounds))

    assert len(together) == 12
    # Torch adds in another order where other threads are busy: the last bits may differ.
    assert np.abs(np.stack(alone) - np.stack(together)).max() < 1e-6


def test_it_names_the_weights_it_was_loaded_from(encoder: Encoder) -> None:
    assert len(bytes.fromhex(encoder.weights_sha256)) == 32
