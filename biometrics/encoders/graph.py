"""The layers that voice networks are made of, as OpenVINO graphs. Nothing else imports OpenVINO.

Layers take weights under the names that PyTorch gives them. A value flows as shape
(batch, channels, frames) unless said otherwise; the number of frames is open.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biometrics.cores import usable_cores
from biometrics.encoders.quiet_openvino import make_openvino_quiet

make_openvino_quiet()

import openvino  # noqa: E402 - only after the line above
from openvino import opset13 as ops  # noqa: E402 - as above

Flow = Any
"""What flows between two layers: an OpenVINO node, which knows + and *."""

Feed = Mapping[str, NDArray[np.generic]]
"""What enters a network, by the names of its entries."""

Network = Callable[[Feed], NDArray[np.float32]]
"""From what enters to what comes out."""

TIME = -1
"""The axis of frames."""

_NORM_EPSILON = 1e-5

_MOST_CALLS = 8
"""That are computed at the same time; each more costs memory, and the next one waits."""


class Parameters:
    """A network's weights, each taken once, so that none is missing, foreign or of another size."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._left = dict(weights)

    def take(self, name: str, *shape: int) -> NDArray[np.float32]:
        """The weight of this name.

        Raises:
            KeyError: there is none, or it was taken before.
            ValueError: it has another shape.
        """
        weight = self._left.pop(name)
        if weight.shape != shape:
            raise ValueError("A weight has another size than the network.")
        return weight

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def check_all_taken(self) -> None:
        """Raises ValueError where a weight is left that the network has no use for."""
        if [name for name in self._left if not name.endswith("num_batches_tracked")]:
            raise ValueError("A weight belongs to another network.")


def entry(name: str, *shape: int, kind: type[np.generic] = np.float32) -> Flow:
    """Where something enters under a name; an axis of -1 is open."""
    return ops.parameter(openvino.PartialShape(shape), kind, name=name)


def channels_first(x: Flow) -> Flow:
    return ops.transpose(x, _axes(0, 2, 1))


def with_axis(x: Flow, axis: int) -> Flow:
    """One more axis, of length one."""
    return ops.unsqueeze(x, _axes(axis))


def reshaped(x: Flow, *shape: int) -> Flow:
    """An axis of -1 takes what is left."""
    return ops.reshape(x, _axes(*shape), special_zero=False)


def product(x: Flow, y: Flow) -> Flow:
    """Matrix product over the last two axes."""
    return ops.matmul(x, y, transpose_a=False, transpose_b=False)


def convolve(  # noqa: PLR0913 - what a convolution is made of
    x: Flow,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32] | None = None,
    *,
    stride: Sequence[int] = (1,),
    dilation: Sequence[int] = (1,),
    padding: Sequence[int] = (0,),
) -> Flow:
    """A convolution over as many axes as its weight has behind the first two."""
    filtered = ops.convolution(x, _constant(weight), stride, padding, padding, dilation)
    if bias is None:
        return filtered
    return filtered + _constant(bias.reshape(1, -1, *[1] * len(stride)))


def frames_at(x: Flow, indices: Flow) -> Flow:
    """The frames of `x` at `indices`, in that order."""
    return ops.gather(x, indices, ops.constant(np.int64(TIME)))


def lstm(x: Flow, parameters: Parameters, name: str, layer: int, widths: tuple[int, int]) -> Flow:
    """One layer of memory over rows of shape (batch, frames, widths[0]), to widths[1]."""
    width = widths[1]
    into = parameters.take(f"{name}.weight_ih_l{layer}", 4 * width, widths[0])
    back = parameters.take(f"{name}.weight_hh_l{layer}", 4 * width, width)
    bias = parameters.take(f"{name}.bias_ih_l{layer}", 4 * width)
    bias = bias + parameters.take(f"{name}.bias_hh_l{layer}", 4 * width)
    into, back, bias = (_constant(_gates(weight)[None]) for weight in (into, back, bias))
    batch = ops.gather(ops.shape_of(x), _axes(0), ops.constant(np.int64(0)))
    frames = ops.gather(ops.shape_of(x), _axes(1), ops.constant(np.int64(0)))
    empty = ops.broadcast(_constant(0), ops.concat([batch, _axes(1, width)], 0))
    lengths = ops.broadcast(frames, batch)
    rows = ops.lstm_sequence(x, empty, empty, lengths, into, back, bias, width, "forward")
    return ops.squeeze(rows.output(0), _axes(1))


def last_row(x: Flow) -> Flow:
    """From shape (batch, frames, width) to the last frame's, shape (batch, width)."""
    return ops.gather(x, ops.constant(np.int64(-1)), ops.constant(np.int64(1)))


def line(x: Flow, parameters: Parameters, name: str, widths: tuple[int, int]) -> Flow:
    """A linear layer over rows of shape (batch, widths[0])."""
    weight = parameters.take(f"{name}.weight", widths[1], widths[0])
    bias = parameters.take(f"{name}.bias", widths[1])
    return ops.matmul(x, _constant(weight), transpose_a=False, transpose_b=True) + _constant(bias)


def _gates(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """From PyTorch's order (in, forget, cell, out) to OpenVINO's (forget, in, cell, out)."""
    entering, forgetting, *others = np.split(weight, 4)
    return np.concatenate([forgetting, entering, *others])


def norm(x: Flow, parameters: Parameters, name: str, width: int, *, axes: int = 3) -> Flow:
    """Batch normalisation by the learned mean and variance; gain and offset where there are."""
    mean = parameters.take(f"{name}.running_mean", width)
    scale = 1 / np.sqrt(parameters.take(f"{name}.running_var", width) + np.float32(_NORM_EPSILON))
    offset = -mean * scale
    if f"{name}.weight" in parameters:
        gain = parameters.take(f"{name}.weight", width)
        scale, offset = scale * gain, offset * gain + parameters.take(f"{name}.bias", width)
    shape = (1, width, *[1] * (axes - 2))
    return x * _constant(scale.reshape(shape)) + _constant(offset.reshape(shape))


def relu(x: Flow) -> Flow:
    return ops.relu(x)


def sigmoid(x: Flow) -> Flow:
    return ops.sigmoid(x)


def tanh(x: Flow) -> Flow:
    return ops.tanh(x)


def root(x: Flow, *, least: float = 0.0) -> Flow:
    """Square root of `x`, or of `least` where `x` is smaller."""
    return ops.sqrt(ops.maximum(x, _constant(np.float32(least))))


def sum_over_time(x: Flow) -> Flow:
    """The frame axis stays, one frame long."""
    return ops.reduce_sum(x, _axes(TIME), keep_dims=True)


def softmax_over_time(x: Flow) -> Flow:
    return ops.softmax(x, TIME)


def joined(flows: Sequence[Flow]) -> Flow:
    """One behind the other, by channel."""
    return ops.concat(list(flows), 1)


def added(x: Flow, y: Flow) -> Flow:
    """Their sum; unlike +, it takes a part of a parted flow too."""
    return ops.add(x, y)


def parted(x: Flow, parts: int) -> list[Flow]:
    """Channels in equal parts."""
    return list(ops.split(x, ops.constant(np.int64(1)), parts).outputs())


def compiled(
    entries: Sequence[Flow], result: Flow, *, threads: int = 1, may_be_rough: bool = False
) -> Network:
    """Ready to be called, by any number of threads at once.

    A network that `may_be_rough` is computed in half precision (bf16) where the processor
    multiplies it natively; every other one with 32 bits.
    """
    model = openvino.Model([result], list(entries))
    names = [one.get_friendly_name() for one in entries]
    precision = "bf16" if may_be_rough and multiplies_halves() else "f32"
    ready = _core().compile_model(model, "CPU", _options(threads, precision))
    own = local()

    def network(feed: Feed) -> NDArray[np.float32]:
        # A request remembers its input and output, so no two threads may share one.
        if not hasattr(own, "request"):
            own.request = ready.create_infer_request()
        own.request.infer([np.ascontiguousarray(feed[name]) for name in names])
        return np.array(own.request.get_output_tensor(0).data, dtype=np.float32)

    return network


def _options(threads: int, precision: str) -> dict[str, Any]:
    """One call takes `threads` threads; as many calls as that allows run at the same time."""
    streams = min(_MOST_CALLS, max(1, usable_cores() // threads))
    return {
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": threads * streams,
        # Pinned to the first core, it would wait for whatever else runs there.
        "ENABLE_CPU_PINNING": False,
        "INFERENCE_PRECISION_HINT": precision,
    }


def multiplies_halves() -> bool:
    """Whether this processor multiplies numbers of half precision (bf16) natively."""
    # The other kind of half precision (f16), which OpenVINO prefers on ARM, was not measured.
    native = _core().get_property("CPU", "INFERENCE_PRECISION_HINT")
    return bool(native == openvino.Type.bf16)


@cache
def _core() -> Any:  # noqa: ANN401 - OpenVINO has no types
    return openvino.Core()


def _constant(values: NDArray[np.float32] | np.float32 | float) -> Flow:
    return ops.constant(np.ascontiguousarray(values, dtype=np.float32))


def _axes(*axes: int) -> Flow:
    return ops.constant(np.array(axes, dtype=np.int64))
