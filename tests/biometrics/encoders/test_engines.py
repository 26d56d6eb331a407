"""Both engines hear the same voice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes.published import campplus_folder, resemblyzer_folder, spkrec_folder

from biometrics import Codec, Encoder, Waveform, cosine, over_telephone, read_recording
from biometrics.encoders.known import load_encoder, own_encoders
from biometrics.encoders.network_encoder import NetworkEngine

OWN = own_encoders()
MADE: dict[str, Callable[[Path], Path]] = {
    "spkrec": spkrec_folder,
    "campplus": campplus_folder,
    "resemblyzer": resemblyzer_folder,
}
SPEECH = Path(__file__).parents[4] / "shared" / "speech" / "eval" / "librispeech_test-other"
LENGTHS_MS = (500, 1_130, 3_000, 20_000)
LEAST_ALIKE = 0.9999


@pytest.fixture(scope="module", params=[*OWN, *MADE])
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Encoder, Encoder]:
    """The one in use, and the reference."""
    name = request.param
    folder = MADE[name](tmp_path_factory.mktemp(name)) if name in MADE else OWN[name]
    return load_encoder(folder), load_encoder(folder, engine=NetworkEngine.TORCH)


def noise(ms: int, rate_hz: int) -> Waveform:
    samples = np.random.default_rng(ms).normal(0, 0.1, ms * rate_hz // 1000)
    return Waveform(samples=samples.astype(np.float32), rate_hz=rate_hz)


def real_speech() -> Iterator[Waveform]:
    """One recording each of people over a mu-law line, each of another length."""
    for n, folder in enumerate(sorted(SPEECH.iterdir())[:6]):
        heard = over_telephone(read_recording(min(folder.iterdir())), Codec.MULAW)
        yield heard.cut(0, min(heard.duration_ms, 700 + 900 * n))


@pytest.mark.parametrize("ms", LENGTHS_MS)
def test_noise_of_any_length_sounds_the_same(engines: tuple[Encoder, Encoder], ms: int) -> None:
    ours, reference = engines
    sound = noise(ms, ours.rate_hz)

    assert cosine(ours.encode(sound), reference.encode(sound)) >= LEAST_ALIKE


def test_what_is_loud_once_and_silent_then_sounds_the_same(
    engines: tuple[Encoder, Encoder],
) -> None:
    """Nothing of how sound is filled up to a size may be heard as its quiet end."""
    ours, reference = engines
    samples = noise(1_500, ours.rate_hz).samples.copy()
    samples[ours.rate_hz :] = 0
    sound = Waveform(samples=samples, rate_hz=ours.rate_hz)

    assert cosine(ours.encode(sound), reference.encode(sound)) >= LEAST_ALIKE


@pytest.mark.skipif(not SPEECH.is_dir(), reason="real recordings are not beside this checkout")
def test_real_speech_sounds_the_same(engines: tuple[Encoder, Encoder]) -> None:
    ours, reference = engines

    alike = [cosine(ours.encode(s), reference.encode(s)) for s in real_speech()]

    assert len(alike) == 6
    assert min(alike) >= LEAST_ALIKE


@pytest.mark.skipif(not SPEECH.is_dir(), reason="real recordings are not beside this checkout")
@pytest.mark.parametrize("name", OWN)
def test_scores_of_real_people_hardly_move(name: str) -> None:
    """Measured with telephone-ecapa-0: 0.0035 at most over 100 recordings."""
    ours = load_encoder(OWN[name])
    reference = load_encoder(OWN[name], engine=NetworkEngine.TORCH)
    speech = list(real_speech())

    vectors, due = (np.array([one.encode(s) for s in speech]) for one in (ours, reference))

    assert float(np.abs(vectors @ vectors.T - due @ due.T).max()) < 0.01


def test_an_engine_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="abacus"):
        NetworkEngine("abacus")
