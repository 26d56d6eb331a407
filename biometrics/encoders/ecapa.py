"""ECAPA-TDNN encoders: our own, and the one that SpeechBrain publishes.

The network is Desplanques, Thienpondt, Demuynck: "ECAPA-TDNN", Interspeech 2020, arXiv 2005.07143.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biometrics.encoders.encoder_files import damaged, existing, pull
from biometrics.encoders.network_encoder import Hear, NetworkEncoder, NetworkEngine
from biometrics.encoders.trained_weights import (
    UNFIT,
    Trained,
    Weights,
    read_checkpoint,
    read_safetensors,
)
from biometrics.errors import EncoderUnusable
from biometrics.voiceprint import EncoderId

SPKREC = EncoderId("spkrec-ecapa-voxceleb")
SPKREC_FILE = "embedding_model.ckpt"
OWN_FILE = "model.safetensors"

_NETWORK = "speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN"
_FEATURES = "speechbrain.lobes.features.Fbank"

SPKREC_NETWORK: Mapping[str, Any] = {
    "input_size": 80,
    "channels": [1024, 1024, 1024, 1024, 3072],
    "kernel_sizes": [5, 3, 3, 3, 1],
    "dilations": [1, 2, 3, 4, 1],
    "attention_channels": 128,
    "lin_neurons": 192,
}
"""As in the hyperparams.yaml of huggingface.co/speechbrain/spkrec-ecapa-voxceleb. That file can
name any Python object, so it is not read."""

SPKREC_FEATURES: Mapping[str, int] = {
    "sample_rate": 16_000,
    "n_mels": 80,
    "n_fft": 400,
    "win_length": 25,
    "hop_length": 10,
    "f_min": 0,
    "f_max": 8_000,
}
"""As in the same file, and SpeechBrain's defaults where it is silent."""

_INSTALL = "install Rufwerk again, it comes with it, or copy the whole encoder again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What makes one ECAPA differ from another."""

    id: EncoderId
    network: Mapping[str, Any]
    features: Mapping[str, int]


_SPKREC_RECIPE = Recipe(id=SPKREC, network=SPKREC_NETWORK, features=SPKREC_FEATURES)


def load_own(
    folder: Path, *, engine: NetworkEngine = NetworkEngine.OPENVINO, threads: int = 1
) -> NetworkEncoder:
    """The encoder in `folder`: config.json beside model.safetensors, as this project trains them.

    `threads` is how many processor threads one call may use; with torch, in this whole process.

    Raises:
        EncoderUnusable: a file is missing, damaged, or describes another kind of network.
    """
    recipe = own_recipe(existing(folder / "config.json", _INSTALL))
    file = existing(folder / OWN_FILE, _INSTALL)
    try:
        return _built(recipe, read_safetensors(file), engine, threads)
    except UNFIT as err:
        raise damaged(file, _INSTALL) from err


def load_spkrec(
    folder: Path, *, engine: NetworkEngine = NetworkEngine.OPENVINO, threads: int = 1
) -> NetworkEncoder:
    """The upstream encoder speechbrain/spkrec-ecapa-voxceleb, from its embedding_model.ckpt.

    It was trained on 16 kHz sound; telephone speech is resampled up to it and scores lower, so it
    needs a calibration of its own. `threads` is how many processor threads one call may use; with
    torch, in this whole process.

    Raises:
        EncoderUnusable: the file is missing or damaged.
    """
    file = existing(folder / SPKREC_FILE, pull(SPKREC))
    try:
        return _built(_SPKREC_RECIPE, read_checkpoint(file), engine, threads)
    except UNFIT as err:
        raise damaged(file, pull(SPKREC)) from err


def own_recipe(file: Path) -> Recipe:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        features = config["features"]
        kinds = (config["network"], features["class"])
        recipe = Recipe(
            id=EncoderId(str(config["id"])),
            network=dict(config["arguments"]),
            features={
                "sample_rate": int(features["sample_rate_hz"]),
                "n_mels": int(features["n_mels"]),
                "n_fft": int(features["n_fft"]),
                "win_length": int(features["win_length_ms"]),
                "hop_length": int(features["hop_length_ms"]),
                "f_min": int(features["f_min_hz"]),
                "f_max": int(features["f_max_hz"]),
            },
        )
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise EncoderUnusable(f"The voice encoder's config.json is damaged; {_INSTALL}") from err
    if kinds != (_NETWORK, _FEATURES):
        raise EncoderUnusable(
            "The encoder's config.json describes a network that is not run here; "
            "use an ECAPA encoder of this project."
        )
    return recipe


def _built(recipe: Recipe, trained: Trained, engine: NetworkEngine, threads: int) -> NetworkEncoder:
    hear = _on_torch if engine is NetworkEngine.TORCH else _on_openvino
    return NetworkEncoder(
        id=recipe.id,
        dimension=int(recipe.network["lin_neurons"]),
        rate_hz=recipe.features["sample_rate"],
        weights_sha256=trained.sha256,
        hear=hear(recipe, trained.weights, threads),
    )


def _on_torch(recipe: Recipe, weights: Weights, threads: int) -> Hear:
    # Torch and SpeechBrain take seconds to import and are only needed here.
    from biometrics.encoders.ecapa_torch import ecapa_on_torch  # noqa: PLC0415

    return ecapa_on_torch(recipe.network, recipe.features, weights, threads=threads)


def _on_openvino(recipe: Recipe, weights: Weights, threads: int) -> Hear:
    # OpenVINO is only needed here.
    from biometrics.encoders.ecapa_graph import EcapaShape, ecapa_network  # noqa: PLC0415
    from biometrics.encoders.fbank import decibel_bands  # noqa: PLC0415

    features = recipe.features
    bands = decibel_bands(
        rate_hz=features["sample_rate"],
        mels=features["n_mels"],
        fft=features["n_fft"],
        window_ms=features["win_length"],
        hop_ms=features["hop_length"],
        low_hz=features["f_min"],
        high_hz=features["f_max"],
    )
    network = ecapa_network(EcapaShape(**recipe.network), weights, threads=threads)

    return lambda samples: network(bands(samples))
