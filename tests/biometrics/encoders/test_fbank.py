"""Mel bands are those of the libraries that the networks were trained with."""

import numpy as np
import pytest
import torch

from biometrics.encoders.ecapa_torch import Fbank
from biometrics.encoders.fbank import decibel_bands, filtered

LENGTHS = [4_000, 4_001, 24_000, 23_977]


def noise(samples: int) -> np.ndarray:
    return np.random.default_rng(samples).normal(0, 0.1, samples).astype(np.float32)


@pytest.mark.parametrize("samples", LENGTHS)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            {"fft": 256, "window_ms": 25, "hop_ms": 12, "low_hz": 100, "high_hz": 3_900},
            {"n_fft": 256, "win_length": 25, "hop_length": 12, "f_min": 100, "f_max": 3_900},
        ),
        ({}, {}),
    ],
)
def test_bands_are_speechbrains(samples: int, ours: dict[str, int], theirs: dict[str, int]) -> None:
    rate_hz, mels = (8_000, 64) if ours else (16_000, 80)
    sound = noise(samples)
    sound[: samples // 2] *= np.float32(1e-4)

    found = decibel_bands(rate_hz=rate_hz, mels=mels, **ours)(sound)

    due = Fbank(sample_rate=rate_hz, n_mels=mels, **theirs)(torch.from_numpy(sound)[None])[0]
    due = (due - due.mean(dim=0)).numpy()
    assert found.shape == due.shape
    assert found.dtype == np.float32
    assert float(np.abs(found - due).max()) < 2e-3


def test_silence_has_no_bands() -> None:
    found = decibel_bands(rate_hz=8_000, mels=64)(np.zeros(8_000, dtype=np.float32))

    assert float(np.abs(found).max()) < 1e-4


def test_a_product_in_pieces_is_the_product() -> None:
    rng = np.random.default_rng(3)
    powers, filters = rng.random((333, 129)), rng.random((129, 64))

    found = filtered(powers.astype(np.float32), filters.astype(np.float32))

    assert found.shape == (333, 64)
    np.testing.assert_allclose(found, powers @ filters, rtol=1e-5)
