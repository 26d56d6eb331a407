"""Mel bands are Kaldi's, as torchaudio reckons them."""

import numpy as np
import pytest
import torch

from biometrics.encoders.campplus_torch import kaldi
from biometrics.encoders.kaldi_bands import kaldi_bands


@pytest.mark.parametrize("samples", [8_000, 8_159, 48_000])
@pytest.mark.parametrize("level", [0.1, 1e-4])
def test_bands_are_torchaudios(samples: int, level: float) -> None:
    sound = np.random.default_rng(samples).normal(0, level, samples).astype(np.float32)

    found = kaldi_bands(sound)

    due = kaldi.fbank(
        torch.from_numpy(sound)[None], num_mel_bins=80, sample_frequency=16_000, dither=0.0
    )
    due = (due - due.mean(dim=0)).numpy()
    assert found.shape == due.shape
    assert float(np.abs(found - due).max()) < 5e-3
