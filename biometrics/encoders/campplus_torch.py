"""CAM++ on torch, with torchaudio's Kaldi features: the reference."""

import numpy as np
import torch
from numpy.typing import NDArray

from biometrics.encoders.campplus_network import CamPlusPlus
from biometrics.encoders.network_encoder import Hear
from biometrics.encoders.torchaudio_stand_in import make_torchaudio_importable
from biometrics.encoders.trained_weights import Weights

make_torchaudio_importable()

from torchaudio.compliance import kaldi  # noqa: E402 - importable only after the line above


def campplus_on_torch(weights: Weights, *, threads: int) -> Hear:
    """`threads` counts for the whole process: torch keeps one number of threads.

    Raises:
        RuntimeError: the weights do not fit the network.
    """
    torch.set_num_threads(threads)
    network = CamPlusPlus()
    network.load_state_dict({name: torch.from_numpy(weight) for name, weight in weights.items()})
    network.eval()

    def hear(samples: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            bands = kaldi.fbank(
                torch.from_numpy(samples).unsqueeze(0),
                num_mel_bins=80,
                sample_frequency=16_000,
                dither=0.0,
            )
            voice = network((bands - bands.mean(dim=0, keepdim=True)).unsqueeze(0))
            return np.asarray(voice[0].numpy())

    return hear
