"""AASIST, run on its published weights: a second opinion, by people who had other voices.

The network is Jung, Heo, Tak, Shim, Chung, Lee, Yu, Evans: "AASIST: Audio Anti-Spoofing using
Integrated Spectro-Temporal Graph Attention Networks", ICASSP 2022, arXiv 2110.01200. It learned
from ASVspoof 2019 LA, clean and wideband; over a telephone it takes most people for machines.
"""

import pickle
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import batch_norm, conv1d, conv2d, linear, max_pool2d, selu

from biometrics.errors import SpoofDetectorUnusable
from biometrics.liveness.detector import Opinion
from biometrics.resample import resampled
from biometrics.speech import Speech

NAME = "aasist"
FILE = "AASIST.pth"

_RATE_HZ = 16_000
_HEARD = 64_600
"""Samples that the network was trained on, about four seconds."""

_SINC_BANDS, _SINC_TAPS = 70, 129
_TEMPERATURE, _MIXED_TEMPERATURE = 2.0, 100.0
_KEPT_SPECTRAL, _KEPT_TEMPORAL, _KEPT_MIXED = 0.5, 0.7, 0.5
"""Shares of a graph's nodes that pooling keeps. Section 3 of the paper and its configuration."""

_REMEDY = "delete what is there and run `ivr models pull aasist`."
_UNFIT = (OSError, EOFError, pickle.UnpicklingError, RuntimeError, ValueError, KeyError, TypeError)


class Aasist:
    """The loaded network. Stateless once built: one instance serves every thread."""

    name = NAME

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self._weights = dict(weights)
        self._sinc = torch.from_numpy(_sinc_filters())
        with torch.inference_mode():
            self._outputs(torch.zeros(_HEARD))  # raises where a weight is missing or misshapen

    threshold = 0.5
    """Probability of a machine from which on its own scores say so."""

    may_gate = False

    def judge(self, speech: Speech) -> Opinion | None:
        """None for no speech."""
        machine = self.score(speech)
        if machine is None:
            return None
        return Opinion(risk=machine, is_spoof=machine >= self.threshold)

    def score(self, speech: Speech) -> float | None:
        """Probability of a machine by its own scores, 0 to 1; None for no speech."""
        sound = resampled(speech.in_context(_MARGIN_MS).waveform, _RATE_HZ).samples
        if not len(sound) or not np.isfinite(sound).all():
            return None
        machine, person = self.outputs(np.resize(sound, _HEARD))
        return float(1 / (1 + np.exp(person - machine)))

    def outputs(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network's own scores of machine and person, shape (2,), for 64,600 at 16 kHz."""
        with torch.inference_mode():
            found = self._outputs(torch.from_numpy(samples.astype(np.float32)))
        return np.asarray(found.numpy(), dtype=np.float32)

    def _outputs(self, samples: Tensor) -> Tensor:
        """Scores of machine and person, shape (2,)."""
        learned = self._encoded(samples)
        spectral = learned.abs().amax(dim=2).T + self._weights["pos_S"][0]
        spectral = self._pooled("pool_S", self._attended("GAT_layer_S", spectral), _KEPT_SPECTRAL)
        temporal = learned.abs().amax(dim=1).T
        temporal = self._pooled("pool_T", self._attended("GAT_layer_T", temporal), _KEPT_TEMPORAL)
        first = self._branch("1", temporal, spectral)
        second = self._branch("2", temporal, spectral)
        times, bands, master = (torch.maximum(a, b) for a, b in zip(first, second, strict=True))
        read_out = [times.abs().amax(0), times.mean(0), bands.abs().amax(0), bands.mean(0)]
        return self._linear("out_layer", torch.cat([*read_out, master[0]]))

    def _encoded(self, samples: Tensor) -> Tensor:
        """Shape (64, bands, moments)."""
        filtered = conv1d(samples[None, None], self._sinc).abs()
        found = selu(self._normed("first_bn", max_pool2d(filtered[None], 3)))
        for place in range(6):
            found = self._residual(f"encoder.{place}.0", found)
        return found[0]

    def _residual(self, name: str, entering: Tensor) -> Tensor:
        # The published network computes bn1 and then goes on without it; its weights expect that.
        found = selu(self._normed(f"{name}.bn2", self._conv(f"{name}.conv1", entering, (1, 1))))
        found = self._conv(f"{name}.conv2", found, (0, 1))
        if f"{name}.conv_downsample.weight" in self._weights:
            entering = self._conv(f"{name}.conv_downsample", entering, (0, 1))
        return max_pool2d(found + entering, (1, 3))

    def _attended(self, name: str, nodes: Tensor) -> Tensor:
        """Graph attention among nodes, shape (nodes, values)."""
        pairs = torch.tanh(self._linear(f"{name}.att_proj", nodes[:, None] * nodes[None]))
        weights = (pairs @ self._weights[f"{name}.att_weight"])[..., 0] / _TEMPERATURE
        return self._projected(name, nodes, weights.softmax(dim=1))

    def _branch(self, which: str, temporal: Tensor, spectral: Tensor) -> tuple[Tensor, ...]:
        """Two heterogeneous layers one after the other, the second added to the first."""
        name = f"HtrgGAT_layer_ST{which}"
        times, bands, master = self._mixed(
            f"{name}1", temporal, spectral, self._weights[f"master{which}"][0]
        )
        bands = self._pooled(f"pool_hS{which}", bands, _KEPT_MIXED)
        times = self._pooled(f"pool_hT{which}", times, _KEPT_MIXED)
        more = self._mixed(f"{name}2", times, bands, master)
        return tuple(a + b for a, b in zip((times, bands, master), more, strict=True))

    def _mixed(
        self, name: str, temporal: Tensor, spectral: Tensor, master: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Attention among nodes of both kinds, and from all of them to the master node."""
        count = len(temporal)
        nodes = torch.cat(
            [
                self._linear(f"{name}.proj_type1", temporal),
                self._linear(f"{name}.proj_type2", spectral),
            ]
        )
        pairs = torch.tanh(self._linear(f"{name}.att_proj", nodes[:, None] * nodes[None]))
        alike, unlike, across = (
            (pairs @ self._weights[f"{name}.att_weight{kinds}"])[..., 0]
            for kinds in ("11", "22", "12")
        )
        is_time = torch.arange(len(nodes)) < count
        weights = torch.where(is_time[:, None] & is_time[None], alike, across)
        weights = torch.where(~is_time[:, None] & ~is_time[None], unlike, weights)
        master = self._mastered(name, nodes, master)
        found = self._projected(name, nodes, (weights / _MIXED_TEMPERATURE).softmax(dim=1))
        return found[:count], found[count:], master

    def _mastered(self, name: str, nodes: Tensor, master: Tensor) -> Tensor:
        pairs = torch.tanh(self._linear(f"{name}.att_projM", nodes * master))
        weights = (pairs @ self._weights[f"{name}.att_weightM"])[:, 0] / _MIXED_TEMPERATURE
        gathered = weights.softmax(dim=0)[None] @ nodes
        return self._linear(f"{name}.proj_with_attM", gathered) + self._linear(
            f"{name}.proj_without_attM", master
        )

    def _projected(self, name: str, nodes: Tensor, weights: Tensor) -> Tensor:
        found = self._linear(f"{name}.proj_with_att", weights @ nodes)
        found = found + self._linear(f"{name}.proj_without_att", nodes)
        return selu(self._normed(f"{name}.bn", found))

    def _pooled(self, name: str, nodes: Tensor, share: float) -> Tensor:
        marks = torch.sigmoid(self._linear(f"{name}.proj", nodes))
        best = marks[:, 0].topk(max(int(len(nodes) * share), 1)).indices
        return (nodes * marks)[best]

    def _linear(self, name: str, entering: Tensor) -> Tensor:
        return linear(entering, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _conv(self, name: str, entering: Tensor, padding: tuple[int, int]) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return conv2d(entering, weight, bias, padding=padding)

    def _normed(self, name: str, entering: Tensor) -> Tensor:
        mean, variance = (self._weights[f"{name}.running_{part}"] for part in ("mean", "var"))
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return batch_norm(entering, mean, variance, weight, bias)


_MARGIN_MS = 200


def load_aasist(folder: Path) -> Aasist:
    """The detector from `folder`, which holds AASIST.pth of github.com/clovaai/aasist.

    Raises:
        SpoofDetectorUnusable: the file is missing, damaged, or of another network.
    """
    try:
        # weights_only: a checkpoint is a pickle, and may otherwise run anything.
        weights = torch.load(folder / FILE, map_location="cpu", weights_only=True)
        return Aasist(weights)
    except _UNFIT as err:
        raise SpoofDetectorUnusable(f"AASIST.pth is missing or damaged; {_REMEDY}") from err


def _sinc_filters() -> NDArray[np.float32]:
    """Band-passes of equal width in mel, shape (70, 1, 129); fixed, so not among the weights.

    Ravanelli, Bengio: "Speaker Recognition from Raw Waveform with SincNet", SLT 2018.
    """
    top = 2595 * np.log10(1 + _RATE_HZ / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, _SINC_BANDS + 1) / 2595) - 1)
    moments = np.arange(_SINC_TAPS) - _SINC_TAPS // 2
    share = (2 * edges / _RATE_HZ)[:, np.newaxis]
    low_passes = share * np.sinc(share * moments)
    filters = (low_passes[1:] - low_passes[:-1]) * np.hamming(_SINC_TAPS)
    return filters[:, np.newaxis].astype(np.float32)
