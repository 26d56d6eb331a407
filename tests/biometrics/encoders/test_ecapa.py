"""The encoders, with their real networks."""

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes.published import spkrec_folder
from safetensors.numpy import load_file, save_file

from biometrics import Encoder, EncoderUnusable, TooLittleSpeech, Waveform, cosine, resampled
from biometrics.encoders.ecapa import load_own, load_spkrec
from biometrics.encoders.known import own_encoders
from biometrics.encoders.network_encoder import NetworkEngine

OWN = max(own_encoders().values())


@pytest.fixture(scope="module", params=NetworkEngine)
def own(request: pytest.FixtureRequest) -> Encoder:
    return load_own(OWN, engine=request.param)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OWN, tmp_path / "encoder"))


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """With weights of our own making."""
    return load_spkrec(spkrec_folder(tmp_path_factory.mktemp("spkrec-ecapa-voxceleb")))


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


@pytest.mark.parametrize("engine", NetworkEngine)
def test_weights_of_another_size_are_refused(copied: Path, engine: NetworkEngine) -> None:
    change(copied, lambda config: config["arguments"].update(lin_neurons=128))

    with pytest.raises(EncoderUnusable, match="belongs to another network"):
        load_own(copied, engine=engine)


@pytest.mark.parametrize("engine", NetworkEngine)
def test_an_unknown_argument_is_refused(copied: Path, engine: NetworkEngine) -> None:
    change(copied, lambda config: config["arguments"].update(colour="red"))

    with pytest.raises(EncoderUnusable, match="belongs to another network"):
        load_own(copied, engine=engine)


@pytest.mark.parametrize("engine", NetworkEngine)
def test_a_weight_that_is_missing_is_refused(copied: Path, engine: NetworkEngine) -> None:
    weights = load_file(copied / "model.safetensors")
    del weights["fc.conv.bias"]
    save_file(weights, copied / "model.safetensors")

    with pytest.raises(EncoderUnusable, match="belongs to another network"):
        load_own(copied, engine=engine)


@pytest.mark.parametrize("engine", NetworkEngine)
def test_a_weight_that_is_one_too_many_is_refused(copied: Path, engine: NetworkEngine) -> None:
    weights = load_file(copied / "model.safetensors")
    save_file({**weights, "fc.conv.more": weights["fc.conv.bias"]}, copied / "model.safetensors")

    with pytest.raises(EncoderUnusable, match="belongs to another network"):
        load_own(copied, engine=engine)


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
def test_half_a_second_is_the_least(own: Encoder, ms: int) -> None:
    with pytest.raises(TooLittleSpeech, match=r"0\.5 s is the least"):
        own.encode(hum(120, ms))


@pytest.mark.parametrize("ms", [500, 3000])
def test_a_voice_is_192_numbers_of_length_one(own: Encoder, ms: int) -> None:
    vector = own.encode(hum(120, ms))

    assert vector.shape == (192,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_each_encoder_says_what_it_is(own: Encoder, upstream: Encoder) -> None:
    assert (own.id, own.rate_hz, own.dimension, own.shortest_ms) == (OWN.name, 8_000, 192, 500)
    assert (upstream.id, upstream.rate_hz, upstream.dimension, upstream.shortest_ms) == (
        "spkrec-ecapa-voxceleb",
        16_000,
        192,
        500,
    )


def test_an_encoder_names_its_weights_by_their_content(own: Encoder) -> None:
    content = (OWN / "model.safetensors").read_bytes()

    assert own.weights_sha256 == hashlib.sha256(content).hexdigest()


def test_the_same_sound_gives_the_same_numbers(own: Encoder) -> None:
    assert own.encode(hum(120, 2000)).tolist() == own.encode(hum(120, 2000)).tolist()


def test_loudness_does_not_matter(own: Encoder) -> None:
    loud = hum(120, 2000)
    quiet = Waveform(samples=loud.samples * np.float32(0.1), rate_hz=8000)

    assert cosine(own.encode(loud), own.encode(quiet)) > 0.999


def test_any_rate_is_taken(own: Encoder) -> None:
    wide = hum(120, 2000, rate_hz=44_100)

    assert cosine(own.encode(wide), own.encode(resampled(wide, 8000))) > 0.999


def test_samples_that_may_not_be_written_are_taken(own: Encoder) -> None:
    samples = hum(120, 2000).samples
    fixed = np.frombuffer(samples.tobytes(), dtype=np.float32)

    assert own.encode(Waveform(samples=fixed, rate_hz=8000)).shape == (192,)


def test_sound_that_is_not_a_number_gives_no_voice(own: Encoder) -> None:
    broken = Waveform(samples=np.full(8000, np.nan, dtype=np.float32), rate_hz=8000)

    assert np.isnan(own.encode(broken)).all()


def test_long_speech_is_heard_in_parts_and_is_still_one_voice(own: Encoder) -> None:
    long, short = own.encode(hum(120, 45_000)), own.encode(hum(120, 15_000))

    assert long.shape == (192,)
    assert cosine(long, short) > 0.95


def test_threads_share_one_encoder(own: Encoder) -> None:
    sounds = [hum(pitch, 1500) for pitch in (90, 120, 160, 220)] * 3
    alone = [own.encode(sound).tolist() for sound in sounds]

    with ThreadPoolExecutor(max_workers=4) as threads:
        together = [vector.tolist() for vector in threads.map(own.encode, sounds)]

    assert together == alone


def test_torch_uses_as_many_threads_as_it_is_told() -> None:
    load_own(OWN, engine=NetworkEngine.TORCH, threads=1)

    assert torch.get_num_threads() == 1
