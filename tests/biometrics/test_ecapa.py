"""The encoders, with their real networks."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from biometrics import EncoderUnusable, TooLittleSpeech, Waveform, cosine, resampled
from biometrics.ecapa import Ecapa, load_own, load_spkrec

# Importable because biometrics.ecapa was imported first.
from speechbrain.lobes.models.ECAPA_TDNN import ECAPA_TDNN  # isort: skip

OWN = Path(__file__).parents[2] / "biometrics" / "weights" / "telephone-ecapa-0"


@pytest.fixture(scope="module")
def own() -> Ecapa:
    return load_own(OWN)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OWN, tmp_path / "encoder"))


@pytest.fixture(scope="module")
def upstream_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the upstream encoder is laid out, with random weights from a fixed seed."""
    folder = tmp_path_factory.mktemp("spkrec-ecapa-voxceleb")
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = ECAPA_TDNN(
            80,
            channels=[1024, 1024, 1024, 1024, 3072],
            kernel_sizes=[5, 3, 3, 3, 1],
            dilations=[1, 2, 3, 4, 1],
            lin_neurons=192,
        )
    torch.save(network.state_dict(), folder / "embedding_model.ckpt")
    (folder / "hyperparams.yaml").write_text("danger: !!python/object/apply:os.abort []\n")
    return folder


@pytest.fixture(scope="module")
def upstream(upstream_folder: Path) -> Ecapa:
    return load_spkrec(upstream_folder)


def hum(pitch_hz: int, ms: int, rate_hz: int = 8000) -> Waveform:
    """A voice-like sound: harmonics of a pitch, and a little noise."""
    time = np.arange(ms * rate_hz // 1000) / rate_hz
    tones = sum(np.sin(2 * np.pi * pitch_hz * k * time) / k for k in range(1, 12))
    noise = np.random.default_rng(pitch_hz).normal(0, 0.02, len(time))
    return Waveform(samples=(0.1 * tones + noise).astype(np.float32), rate_hz=rate_hz)


# --- what cannot be loaded ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_missing_file_is_named_with_what_to_do(copied: Path, name: str) -> None:
    (copied / name).unlink()

    with pytest.raises(EncoderUnusable, match=rf"{name} is missing; install Rufwerk again"):
        load_own(copied)


@pytest.mark.parametrize("kept_bytes", [0, 7, 100, 1_000_000])
def test_cut_weights_are_damaged(copied: Path, kept_bytes: int) -> None:
    weights = copied / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:kept_bytes])

    with pytest.raises(EncoderUnusable, match=r"model\.safetensors is damaged"):
        load_own(copied)


def test_weights_that_are_not_numbers_are_damaged(copied: Path) -> None:
    weights = copied / "model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[:-4] + b"\xff\xff\xff\xff")

    with pytest.raises(EncoderUnusable, match=r"model\.safetensors is damaged"):
        load_own(copied)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": {}}', "\0"])
def test_a_damaged_description_is_refused(copied: Path, text: str) -> None:
    (copied / "config.json").write_text(text)

    with pytest.raises(EncoderUnusable, match=r"config\.json is damaged"):
        load_own(copied)


def change(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    config = json.loads((folder / "config.json").read_text())
    edit(config)
    (folder / "config.json").write_text(json.dumps(config))


def test_another_kind_of_network_is_refused(copied: Path) -> None:
    change(copied, lambda config: config.update(network="os.system"))

    with pytest.raises(EncoderUnusable, match="a network that is not run here"):
        load_own(copied)


def test_weights_of_another_size_are_refused(copied: Path) -> None:
    change(copied, lambda config: config["arguments"].update(lin_neurons=128))

    with pytest.raises(EncoderUnusable, match="belongs to another network"):
        load_own(copied)


def test_an_unknown_argument_is_refused(copied: Path) -> None:
    change(copied, lambda config: config["arguments"].update(colour="red"))

    with pytest.raises(EncoderUnusable, match="belongs to another network"):
        load_own(copied)


def test_a_missing_checkpoint_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        EncoderUnusable, match=r"embedding_model\.ckpt is missing; .*run `ivr models pull"
    ):
        load_spkrec(tmp_path)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path) -> None:
    torch.save(Path("anything but weights"), tmp_path / "embedding_model.ckpt")

    with pytest.raises(EncoderUnusable, match=r"embedding_model\.ckpt is damaged"):
        load_spkrec(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04"])
def test_a_damaged_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "embedding_model.ckpt").write_bytes(content)

    with pytest.raises(EncoderUnusable, match=r"embedding_model\.ckpt is damaged"):
        load_spkrec(tmp_path)


@pytest.mark.parametrize("content", [{}, [1, 2], {"a": 1}])
def test_a_checkpoint_without_the_weights_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "embedding_model.ckpt")

    with pytest.raises(EncoderUnusable, match=r"embedding_model\.ckpt is damaged"):
        load_spkrec(tmp_path)


# --- what is heard --------------------------------------------------------------------------------


@pytest.mark.parametrize("ms", [0, 499])
def test_half_a_second_is_the_least(own: Ecapa, ms: int) -> None:
    with pytest.raises(TooLittleSpeech, match=r"0\.5 s is the least"):
        own.encode(hum(120, ms))


@pytest.mark.parametrize("which", ["own", "upstream"])
@pytest.mark.parametrize("ms", [500, 3000])
def test_a_voice_is_192_numbers_of_length_one(
    request: pytest.FixtureRequest, which: str, ms: int
) -> None:
    encoder: Ecapa = request.getfixturevalue(which)

    vector = encoder.encode(hum(120, ms))

    assert vector.shape == (192,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_each_encoder_says_what_it_is(own: Ecapa, upstream: Ecapa) -> None:
    assert (own.id, own.rate_hz, own.dimension, own.shortest_ms) == (
        "telephone-ecapa-0",
        8000,
        192,
        500,
    )
    assert (upstream.id, upstream.rate_hz, upstream.dimension, upstream.shortest_ms) == (
        "spkrec-ecapa-voxceleb",
        16_000,
        192,
        500,
    )
    assert own.weights_sha256.startswith("d9779bb56cf3864b")


def test_the_same_sound_gives_the_same_numbers(own: Ecapa) -> None:
    assert own.encode(hum(120, 2000)).tolist() == own.encode(hum(120, 2000)).tolist()


def test_loudness_does_not_matter(own: Ecapa) -> None:
    loud = hum(120, 2000)
    quiet = Waveform(samples=loud.samples * np.float32(0.1), rate_hz=8000)

    assert cosine(own.encode(loud), own.encode(quiet)) > 0.999


def test_any_rate_is_taken(own: Ecapa) -> None:
    wide = hum(120, 2000, rate_hz=44_100)

    assert cosine(own.encode(wide), own.encode(resampled(wide, 8000))) > 0.999


def test_samples_that_may_not_be_written_are_taken(own: Ecapa) -> None:
    samples = hum(120, 2000).samples
    fixed = np.frombuffer(samples.tobytes(), dtype=np.float32)

    assert own.encode(Waveform(samples=fixed, rate_hz=8000)).shape == (192,)


def test_sound_that_is_not_a_number_gives_no_voice(own: Ecapa) -> None:
    broken = Waveform(samples=np.full(8000, np.nan, dtype=np.float32), rate_hz=8000)

    assert np.isnan(own.encode(broken)).all()


def test_long_speech_is_heard_in_parts_and_is_still_one_voice(own: Ecapa) -> None:
    long, short = own.encode(hum(120, 45_000)), own.encode(hum(120, 15_000))

    assert long.shape == (192,)
    assert cosine(long, short) > 0.95


def test_threads_share_one_encoder(own: Ecapa) -> None:
    sounds = [hum(pitch, 1500) for pitch in (90, 120, 160, 220)] * 3
    alone = [own.encode(sound).tolist() for sound in sounds]

    with ThreadPoolExecutor(max_workers=4) as threads:
        together = [vector.tolist() for vector in threads.map(own.encode, sounds)]

    assert together == alone


def test_torch_uses_as_many_threads_as_it_is_told() -> None:
    load_own(OWN, threads=1)

    assert torch.get_num_threads() == 1
