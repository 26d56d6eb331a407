"""The project's own detector of synthetic voices, made for telephone lines."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from biometrics.errors import SpoofDetectorUnusable
from biometrics.liveness.check import SYNTHETIC_VOICE
from biometrics.liveness.detector import Opinion
from biometrics.liveness.network import RATE_HZ, Network, network_from, score
from biometrics.resample import resampled
from biometrics.speech import Speech

_MARGIN_MS = 60
_SHORTEST_NET_MS = 1_000
_LONGEST_MS = 8_000
"""More tells nothing more and takes longer."""

_INSTALL = "install Rufwerk again, it comes with it."
_UNFIT = (OSError, SafetensorError, RuntimeError, ValueError, KeyError, TypeError, AttributeError)


class SyntheticVoice:
    """A loaded network with its threshold. Stateless: one instance serves every thread."""

    name = SYNTHETIC_VOICE

    def __init__(self, network: Network, config: Mapping[str, Any]) -> None:
        self._network = network
        self._threshold = float(config["threshold"])
        if not math.isfinite(self._threshold):
            raise ValueError("The threshold is not a number.")
        self._may_gate = bool(config["may_gate"])

    @property
    def may_gate(self) -> bool:
        """Few enough people were taken for machines where it was measured."""
        return self._may_gate

    @property
    def threshold(self) -> float:
        """The score from which on a voice is taken for a machine's."""
        return self._threshold

    def score(self, speech: Speech) -> float | None:
        """Higher is more likely a machine; None for less than a second of speech."""
        if speech.net_ms < _SHORTEST_NET_MS:
            return None
        spoken = resampled(speech.in_context(_MARGIN_MS).waveform, RATE_HZ).cut(0, _LONGEST_MS)
        samples = np.asarray(spoken.samples, dtype=np.float32)
        if not np.isfinite(samples).all() or not np.any(samples):
            return None
        return score(self._network, samples)

    def judge(self, speech: Speech) -> Opinion | None:
        """None for less than a second of speech."""
        found = self.score(speech)
        if found is None:
            return None
        # The threshold is put at one half, so that a risk can be read without knowing it.
        risk = 1 / (1 + math.exp(min(max(self._threshold - found, -60.0), 60.0)))
        return Opinion(risk=risk, is_spoof=found >= self._threshold)


def load_synthetic(folder: Path) -> SyntheticVoice:
    """The detector in `folder`: config.json beside model.safetensors.

    Raises:
        SpoofDetectorUnusable: a file is missing, damaged, or does not belong to the other.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        file = folder / "model.safetensors"
        if hashlib.sha256(file.read_bytes()).hexdigest() != config["weights_sha256"]:
            raise ValueError("The threshold was chosen for other weights.")
        return SyntheticVoice(network_from(load_file(file)), config)
    except _UNFIT as err:
        raise SpoofDetectorUnusable(
            f"The detector of synthetic voices is missing or damaged; {_INSTALL}"
        ) from err


def save_synthetic(network: Network, folder: Path, config: Mapping[str, Any]) -> None:
    """Write the weights, and `config` with their digest."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.safetensors"
    save_file({one.name: getattr(network, one.name) for one in fields(network)}, file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    text = json.dumps({**config, "weights_sha256": sha256}, indent=1)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
