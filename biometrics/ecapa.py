"""ECAPA-TDNN encoders, run by SpeechBrain. Nothing else imports torch or SpeechBrain.

The network is Desplanques, Thienpondt, Demuynck: "ECAPA-TDNN", Interspeech 2020, arXiv 2005.07143.
"""

import hashlib
import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file

from biometrics.encoder import unit
from biometrics.errors import EncoderUnusable, TooLittleSpeech
from biometrics.resample import resampled
from biometrics.torchaudio_stand_in import make_torchaudio_importable
from biometrics.voiceprint import EncoderId, Vector
from biometrics.waveform import Waveform

make_torchaudio_importable()

from speechbrain.lobes.features import Fbank  # noqa: E402 - importable only after the line above
from speechbrain.lobes.models.ECAPA_TDNN import ECAPA_TDNN  # noqa: E402 - as above

SPKREC = EncoderId("spkrec-ecapa-voxceleb")

_SHORTEST_MS = 500
_LONGEST_MS = 20_000
"""Longer speech is encoded in equal parts, so that memory stays bounded: 20 s take about 0.3 GB in
the upstream network."""

_NETWORK = "speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN"
_FEATURES = "speechbrain.lobes.features.Fbank"

_SPKREC_NETWORK: Mapping[str, Any] = {
    "input_size": 80,
    "channels": [1024, 1024, 1024, 1024, 3072],
    "kernel_sizes": [5, 3, 3, 3, 1],
    "dilations": [1, 2, 3, 4, 1],
    "attention_channels": 128,
    "lin_neurons": 192,
}
"""As in the hyperparams.yaml of huggingface.co/speechbrain/spkrec-ecapa-voxceleb. That file can
name any Python object, so it is not read."""

_Weights = dict[str, torch.Tensor]

_UNFIT = (
    *(OSError, EOFError, pickle.UnpicklingError, SafetensorError),
    # What torch and SpeechBrain raise when weights and network do not fit each other.
    *(RuntimeError, ValueError, KeyError, TypeError, AttributeError, AssertionError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """What makes one ECAPA differ from another."""

    id: EncoderId
    network: Mapping[str, Any]
    features: Mapping[str, Any]


_INSTALL = "install Rufwerk again, it comes with it, or copy the whole encoder again."
_PULL = f"delete what is there and run `ivr models pull {SPKREC}`."


_SPKREC_RECIPE = _Recipe(
    id=SPKREC, network=_SPKREC_NETWORK, features={"sample_rate": 16_000, "n_mels": 80}
)


class Ecapa:
    """A loaded ECAPA network. Stateless once built: one instance serves every thread."""

    def __init__(
        self, *, recipe: _Recipe, weights: _Weights, weights_sha256: str, threads: int
    ) -> None:
        # Counts for the whole process: torch keeps one number of threads an operation may use.
        torch.set_num_threads(threads)
        self._recipe = recipe
        self._features = Fbank(**recipe.features).eval()
        self._network = ECAPA_TDNN(**recipe.network)
        self._network.load_state_dict(weights)
        self._network.eval()
        self._weights_sha256 = weights_sha256

    @property
    def id(self) -> EncoderId:
        return self._recipe.id

    @property
    def dimension(self) -> int:
        return int(self._recipe.network["lin_neurons"])

    @property
    def rate_hz(self) -> int:
        return int(self._recipe.features["sample_rate"])

    @property
    def shortest_ms(self) -> int:
        return _SHORTEST_MS

    @property
    def weights_sha256(self) -> str:
        """Of the weights file, so that a calibration can name the weights it was made with."""
        return self._weights_sha256

    def encode(self, speech: Waveform) -> Vector:
        """The voice in `speech`, at any rate. Not finite where the samples are not.

        Raises:
            TooLittleSpeech: shorter than `shortest_ms`.
        """
        if speech.duration_ms < _SHORTEST_MS:
            raise TooLittleSpeech(
                f"{speech.duration_ms / 1000:.1f} s of speech carries no voice; "
                f"{_SHORTEST_MS / 1000:.1f} s is the least."
            )
        samples = np.array(resampled(speech, self.rate_hz).samples, dtype=np.float32)
        parts = -(-speech.duration_ms // _LONGEST_MS)
        vectors = [self._vector(part) for part in np.array_split(samples, parts)]
        return unit(np.mean(vectors, axis=0, dtype=np.float32))

    def _vector(self, samples: NDArray[np.float32]) -> Vector:
        with torch.inference_mode():
            features = self._features(torch.from_numpy(samples).unsqueeze(0))
            features = features - features.mean(dim=1, keepdim=True)
            vector: Vector = self._network(features)[0, 0].numpy()
        return unit(vector)


def load_own(folder: Path, *, threads: int = 1) -> Ecapa:
    """The encoder in `folder`: config.json beside model.safetensors, as this project trains them.

    `threads` is how many processor threads torch may use in this whole process.

    Raises:
        EncoderUnusable: a file is missing, damaged, or describes another kind of network.
    """
    recipe = _own_recipe(_existing(folder / "config.json", _INSTALL))
    file = _existing(folder / "model.safetensors", _INSTALL)
    try:
        return _built(recipe, file, _read_safetensors, threads=threads)
    except _UNFIT as err:
        raise _damaged(file, _INSTALL) from err


def load_spkrec(folder: Path, *, threads: int = 1) -> Ecapa:
    """The upstream encoder speechbrain/spkrec-ecapa-voxceleb, from its embedding_model.ckpt.

    It was trained on 16 kHz sound; telephone speech is resampled up to it and scores lower, so it
    needs a calibration of its own. `threads` is how many processor threads torch may use in this
    whole process.

    Raises:
        EncoderUnusable: the file is missing or damaged.
    """
    file = _existing(folder / "embedding_model.ckpt", _PULL)
    try:
        return _built(_SPKREC_RECIPE, file, _read_checkpoint, threads=threads)
    except _UNFIT as err:
        raise _damaged(file, _PULL) from err


def _own_recipe(file: Path) -> _Recipe:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        features = config["features"]
        kinds = (config["network"], features["class"])
        recipe = _Recipe(
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


def _built(recipe: _Recipe, file: Path, read: Callable[[Path], _Weights], *, threads: int) -> Ecapa:
    weights = read(file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return Ecapa(recipe=recipe, weights=weights, weights_sha256=sha256, threads=threads)


def _read_safetensors(file: Path) -> _Weights:
    return _checked({name: _wide(tensor) for name, tensor in load_file(file).items()})


def _read_checkpoint(file: Path) -> _Weights:
    # weights_only: a checkpoint is a pickle, and may otherwise run anything.
    return _checked(torch.load(file, map_location="cpu", weights_only=True))


def _wide(tensor: torch.Tensor) -> torch.Tensor:
    """Half precision halves the file; the arithmetic is done in 32 bits."""
    return tensor.float() if tensor.is_floating_point() else tensor


def _checked(weights: _Weights) -> _Weights:
    if not all(bool(torch.isfinite(tensor).all()) for tensor in weights.values()):
        raise ValueError("A weight is not a number.")
    return weights


def _existing(file: Path, remedy: str) -> Path:
    if not file.is_file():
        raise EncoderUnusable(f"The voice encoder's {file.name} is missing; {remedy}")
    return file


def _damaged(file: Path, remedy: str) -> EncoderUnusable:
    return EncoderUnusable(
        f"The voice encoder's {file.name} is damaged or belongs to another network; {remedy}"
    )
