"""Encoders that are pulled, and how each is known by its files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes.published import campplus_folder, resemblyzer_folder, spkrec_folder

from biometrics import EncoderUnusable, Waveform
from biometrics.encoders.known import PULLED, load_encoder, own_encoders
from biometrics.encoders.network_encoder import NetworkEngine
from biometrics.encoders.resemblyzer import _windows

MADE: dict[str, Callable[[Path], Path]] = {
    "spkrec-ecapa-voxceleb": spkrec_folder,
    "campplus": campplus_folder,
    "resemblyzer": resemblyzer_folder,
}
FILES = {
    "spkrec-ecapa-voxceleb": "embedding_model.ckpt",
    "campplus": "campplus_cn_en_common.pt",
    "resemblyzer": "pretrained.pt",
}


# --- what cannot be loaded ----------------------------------------------------------------------


def test_a_folder_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnusable, match=r"config\.json is missing"):
        load_encoder(tmp_path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04"])
def test_a_damaged_file_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / FILES[name]).write_bytes(content)

    with pytest.raises(EncoderUnusable, match=f"is damaged .*run `ivr models pull {name}`"):
        load_encoder(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_is_refused(tmp_path: Path, name: str) -> None:
    file = MADE[name](tmp_path) / FILES[name]
    file.write_bytes(file.read_bytes()[:-100_000])

    with pytest.raises(EncoderUnusable, match="is damaged"):
        load_encoder(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_would_run_code_is_refused(tmp_path: Path, name: str) -> None:
    torch.save(Path("anything but weights"), tmp_path / FILES[name])

    with pytest.raises(EncoderUnusable, match="is damaged"):
        load_encoder(tmp_path)


@pytest.mark.parametrize("engine", NetworkEngine)
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [{}, [1, 2], {"a": 1}, {"model_state": {}}])
def test_a_file_without_the_weights_is_refused(
    tmp_path: Path, name: str, content: object, engine: NetworkEngine
) -> None:
    torch.save(content, tmp_path / FILES[name])

    with pytest.raises(EncoderUnusable, match="is damaged"):
        load_encoder(tmp_path, engine=engine)


@pytest.mark.parametrize("engine", NetworkEngine)
@pytest.mark.parametrize("name", FILES)
def test_weights_of_another_network_are_refused(
    tmp_path: Path, name: str, engine: NetworkEngine
) -> None:
    other = min(made for made in MADE if made != name)
    content = MADE[other](tmp_path / "other") / FILES[other]
    content.rename(tmp_path / FILES[name])

    with pytest.raises(EncoderUnusable, match="is damaged or belongs to another network"):
        load_encoder(tmp_path, engine=engine)


def test_weights_that_are_not_numbers_are_damaged(tmp_path: Path) -> None:
    file = campplus_folder(tmp_path) / FILES["campplus"]
    weights = torch.load(file, weights_only=True)
    weights["head.conv1.weight"][0, 0, 0, 0] = torch.nan
    torch.save(weights, file)

    with pytest.raises(EncoderUnusable, match="is damaged"):
        load_encoder(tmp_path)


# --- what is loaded -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_an_encoder_is_known_by_its_files(tmp_path: Path, name: str) -> None:
    assert load_encoder(MADE[name](tmp_path)).id == name


def test_every_pulled_encoder_can_be_loaded() -> None:
    assert set(PULLED) == set(MADE)


def test_our_own_encoders_are_known_by_their_names() -> None:
    assert len(own_encoders()) > 0
    assert all(load_encoder(folder).id == name for name, folder in own_encoders().items())


# --- resemblyzer's windows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "windows"), [(500, 1), (1_600, 1), (1_900, 1), (2_000, 2), (3_000, 3), (20_000, 25)]
)
def test_windows_of_1_6_s_follow_each_other_1_3_times_a_second(ms: int, windows: int) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 16 * ms).astype(np.float32)

    assert _windows(sound).shape == (windows, 160, 40)


def test_quiet_sound_is_made_louder_and_loud_sound_left_alone(tmp_path: Path) -> None:
    encoder = load_encoder(resemblyzer_folder(tmp_path))
    loud = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)
    quiet, quieter = loud * np.float32(0.01), loud * np.float32(0.001)

    heard = [encoder.encode(Waveform(samples=s, rate_hz=16_000)) for s in (quiet, quieter, loud)]

    np.testing.assert_allclose(heard[0], heard[1], atol=1e-5)
    assert float(np.abs(heard[0] - heard[2]).max()) > 1e-4
