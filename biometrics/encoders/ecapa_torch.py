"""ECAPA-TDNN as SpeechBrain runs it on torch: the reference. Nothing else imports SpeechBrain."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from biometrics.encoders.ecapa import SPKREC_FEATURES, SPKREC_NETWORK
from biometrics.encoders.network_encoder import Hear, NetworkEncoder
from biometrics.encoders.torchaudio_stand_in import make_torchaudio_importable
from biometrics.encoders.trained_weights import Weights
from biometrics.voiceprint import EncoderId

make_torchaudio_importable()

from speechbrain.lobes.features import Fbank  # noqa: E402 - importable only after the line above
from speechbrain.lobes.models.ECAPA_TDNN import ECAPA_TDNN  # noqa: E402 - as above


def ecapa_on_torch(
    network: Mapping[str, Any], features: Mapping[str, Any], weights: Weights, *, threads: int
) -> Hear:
    """SpeechBrain's network and features, each built with its arguments.

    `threads` counts for the whole process: torch keeps one number of threads an operation may use.

    Raises:
        RuntimeError: the weights do not fit the network.
        TypeError: an argument is none of the network's.
    """
    torch.set_num_threads(threads)
    bands = Fbank(**features).eval()
    ecapa = ECAPA_TDNN(**network)
    ecapa.load_state_dict({name: torch.from_numpy(weight) for name, weight in weights.items()})
    ecapa.eval()

    def hear(samples: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            heard = bands(torch.from_numpy(samples).unsqueeze(0))
            heard = heard - heard.mean(dim=1, keepdim=True)
            return np.asarray(ecapa(heard)[0, 0].numpy())

    return hear


def unlearned_ecapa(*, channels: int) -> NetworkEncoder:
    """As SpeechBrain publishes it, but for its weights: they know nobody. To measure time with."""
    network = {**SPKREC_NETWORK, "channels": [*[channels] * 4, 3 * channels]}
    weights = {name: weight.numpy() for name, weight in ECAPA_TDNN(**network).state_dict().items()}
    return NetworkEncoder(
        id=EncoderId(f"unlearned-ecapa-{channels}"),
        dimension=SPKREC_NETWORK["lin_neurons"],
        rate_hz=SPKREC_FEATURES["sample_rate"],
        weights_sha256="",
        hear=ecapa_on_torch(network, SPKREC_FEATURES, weights, threads=1),
    )
