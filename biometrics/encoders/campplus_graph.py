"""The CAM++ network as a graph.

Wang, Zheng, Chen, Cheng, Chen: "CAM++", Interspeech 2023, arXiv 2303.00332; the weights go by the
names of biometrics.encoders.campplus_network, which is the reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biometrics.encoders import graph
from biometrics.encoders.frame_clock import size_for
from biometrics.encoders.graph import Feed, Flow, Parameters
from biometrics.encoders.kaldi_bands import MELS
from biometrics.encoders.network_encoder import Hear
from biometrics.encoders.trained_weights import Weights

DIMENSION = 192

_FRONT = 32
_GROWTH = 32
_BOTTLENECK = 128
_BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each dense block."""

_SEGMENT_MOMENTS = 100
_LEAST_VARIANCE = 1e-12


def campplus_network(weights: Weights, *, threads: int) -> Hear:
    """From mel bands, shape (frames, 80), to a voice, shape (192,).

    Raises:
        KeyError: a weight is missing.
        ValueError: a weight has another size or is one too many.
    """
    features = graph.entry("features", 1, -1, MELS)
    clock = _Clock()
    build = _Builder(Parameters(weights), clock)
    voice = build.voice(graph.with_axis(graph.channels_first(features), 1))
    build.parameters.check_all_taken()
    # With 32 bits: half precision costs a cosine of up to 0.003, and scores move by 0.02.
    run = graph.compiled([features, *clock.entries], voice, threads=threads)
    return lambda bands: run(_feed(bands))[0, :, 0]


@dataclass(frozen=True, slots=True)
class _Clock:
    """Knows, inside the graph, which frames are sound, and which moments: every second frame."""

    frames: Flow = field(default_factory=lambda: graph.entry("frames", 1, 1, 1, -1))
    moments: Flow = field(default_factory=lambda: graph.entry("moments", 1, 1, -1))
    context: Flow = field(default_factory=lambda: graph.entry("context", 1, -1, -1))
    """From moments to segments: the mean of the recording and that of the segment, added."""

    spread: Flow = field(default_factory=lambda: graph.entry("spread", 1, -1, -1))
    """From segments back to their moments."""

    one_moment: Flow = field(default_factory=lambda: graph.entry("one_moment", 1, 1, 1))
    one_other: Flow = field(default_factory=lambda: graph.entry("one_other", 1, 1, 1))
    """For an unbiased variance."""

    @property
    def entries(self) -> list[Flow]:
        return [
            *(self.frames, self.moments, self.context),
            *(self.spread, self.one_moment, self.one_other),
        ]


def _feed(bands: NDArray[np.float32]) -> Feed:
    size = size_for(len(bands))
    count = -(-len(bands) // 2)
    place = np.arange(-(-size // 2))
    is_sound = place < count
    spread = place // _SEGMENT_MOMENTS == np.arange(-(-len(place) // _SEGMENT_MOMENTS))[:, None]
    segments = (spread & is_sound).T
    context = segments / np.maximum(1, segments.sum(axis=0)) + is_sound[:, None] / count
    feed = {
        "features": np.pad(bands, ((0, size - len(bands)), (0, 0)))[None],
        "frames": (np.arange(size) < len(bands))[None, None, None],
        "moments": is_sound[None, None],
        "context": context[None],
        "spread": spread[None],
        "one_moment": np.full((1, 1, 1), 1 / count),
        "one_other": np.full((1, 1, 1), 1 / max(1, count - 1)),
    }
    return {name: values.astype(np.float32) for name, values in feed.items()}


@dataclass(frozen=True, slots=True)
class _Builder:
    """Builds each room of the network from the weights of its name.

    What lies behind the end of the sound is made zero before every layer that looks beyond one
    frame: zeros are what such a layer hears there when the sound comes alone.
    """

    parameters: Parameters
    clock: _Clock

    def voice(self, x: Flow) -> Flow:
        x = self._front(x)
        x = self._filter(x * self.clock.frames, "head.conv2", (_FRONT, _FRONT, 3, 3), (2, 1))
        x = graph.relu(self._norm(x, "head.bn2", _FRONT)) * self.clock.frames
        x = graph.reshaped(x, 1, _FRONT * MELS // 8, -1)
        x = self._filter(x, "xvector.tdnn.linear", (_BOTTLENECK, _FRONT * MELS // 8, 5), (2,))
        x, width = self._heard(x, "xvector.tdnn.nonlinear", _BOTTLENECK), _BOTTLENECK
        for place, (layers, dilation) in enumerate(_BLOCKS, start=1):
            for layer in range(layers):
                name = f"xvector.block{place}.tdnnd{layer + 1}"
                x = graph.joined([x, self._layer(x, name, width, dilation)])
                width += _GROWTH
            name = f"xvector.transit{place}"
            x = self._heard(x, f"{name}.nonlinear", width)
            x, width = self._filter(x, f"{name}.linear", (width // 2, width, 1)), width // 2
        pooled = self._pooled(self._heard(x, "xvector.out_nonlinear", width))
        voice = self._filter(pooled, "xvector.dense.linear", (DIMENSION, 2 * width, 1))
        return self._norm(voice, "xvector.dense.nonlinear.batchnorm", DIMENSION)

    def _front(self, x: Flow) -> Flow:
        """Convolutions over time and frequency; frequency shrinks to a quarter."""
        x = self._filter(x, "head.conv1", (_FRONT, 1, 3, 3), (1, 1))
        x = graph.relu(self._norm(x, "head.bn1", _FRONT))
        for layer in ("head.layer1", "head.layer2"):
            x = self._residual(x, f"{layer}.0", 2)
            x = self._residual(x, f"{layer}.1", 1)
        return x

    def _residual(self, x: Flow, name: str, stride: int) -> Flow:
        sound = x * self.clock.frames
        square = (_FRONT, _FRONT, 3, 3)
        inner = self._filter(sound, f"{name}.conv1", square, (stride, 1))
        inner = graph.relu(self._norm(inner, f"{name}.bn1", _FRONT)) * self.clock.frames
        inner = self._norm(
            self._filter(inner, f"{name}.conv2", square, (1, 1)), f"{name}.bn2", _FRONT
        )
        if stride > 1:
            point = (_FRONT, _FRONT, 1, 1)
            x = self._filter(x, f"{name}.shortcut.0", point, (stride, 1))
            x = self._norm(x, f"{name}.shortcut.1", _FRONT)
        return graph.relu(inner + x)

    def _layer(self, x: Flow, name: str, width: int, dilation: int) -> Flow:
        """New channels, masked by what the recording and their segment sound like."""
        x = self._heard(x, f"{name}.nonlinear1", width)
        x = self._filter(x, f"{name}.linear1", (_BOTTLENECK, width, 1))
        x = self._heard(x, f"{name}.nonlinear2", _BOTTLENECK)
        local = self._filter(
            x * self.clock.moments,
            f"{name}.cam_layer.linear_local",
            (_GROWTH, _BOTTLENECK, 3),
            dilation=dilation,
        )
        # Within one segment the mask is the same, so it is made once for each segment.
        context = graph.product(x, self.clock.context)
        context = graph.relu(
            self._line(context, f"{name}.cam_layer.linear1", (_BOTTLENECK // 2, _BOTTLENECK, 1))
        )
        mask = graph.sigmoid(
            self._line(context, f"{name}.cam_layer.linear2", (_GROWTH, _BOTTLENECK // 2, 1))
        )
        return local * graph.product(mask, self.clock.spread)

    def _pooled(self, x: Flow) -> Flow:
        """Mean and deviation over the moments of sound."""
        clock = self.clock
        mean = graph.sum_over_time(x * clock.moments) * clock.one_moment
        away = (x - mean) * clock.moments
        variance = graph.sum_over_time(away * away) * clock.one_other
        return graph.joined([mean, graph.root(variance, least=_LEAST_VARIANCE)])

    def _filter(
        self,
        x: Flow,
        name: str,
        shape: tuple[int, ...],
        stride: Sequence[int] = (1,),
        dilation: int = 1,
    ) -> Flow:
        """A convolution without bias that hears zeros beyond both ends."""
        weight = self.parameters.take(f"{name}.weight", *shape)
        padding = [dilation * (kernel - 1) // 2 for kernel in shape[2:]]
        stretch = [dilation] * len(padding)
        return graph.convolve(x, weight, stride=stride, dilation=stretch, padding=padding)

    def _line(self, x: Flow, name: str, shape: tuple[int, ...]) -> Flow:
        weight = self.parameters.take(f"{name}.weight", *shape)
        return graph.convolve(x, weight, self.parameters.take(f"{name}.bias", shape[0]))

    def _heard(self, x: Flow, name: str, width: int) -> Flow:
        return graph.relu(self._norm(x, f"{name}.batchnorm", width))

    def _norm(self, x: Flow, name: str, width: int) -> Flow:
        axes = 4 if name.startswith("head.") else 3
        return graph.norm(x, self.parameters, name, width, axes=axes)
