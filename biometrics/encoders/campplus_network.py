"""The CAM++ network.

Wang, Zheng, Chen, Cheng, Chen, "CAM++: A Fast and Efficient Network for Speaker Verification Using
Context-Aware Masking", Interspeech 2023, arXiv 2303.00332.

Modules carry the names that the published weights (3D-Speaker, zh-en common, 192 values) use.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn

DIMENSION = 192
FRAME_WIDTH = 512
"""Values a frame before pooling."""

_MELS = 80
_GROWTH = 32
_BOTTLENECK = 128
_BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each dense block."""
_SEGMENT_FRAMES = 100


class CamPlusPlus(nn.Module):
    """From mel bands, shape (batch, frames, 80), to a voice, shape (batch, 192).

    The published description ends in a batch norm without rectifier.
    """

    def __init__(self) -> None:
        super().__init__()
        self.head = _Front()
        rooms: OrderedDict[str, nn.Module] = OrderedDict(tdnn=_Tdnn(32 * _MELS // 8, 128))
        width = 128
        for place, (layers, dilation) in enumerate(_BLOCKS, start=1):
            rooms[f"block{place}"] = _DenseBlock(width, layers, dilation)
            width += layers * _GROWTH
            rooms[f"transit{place}"] = _Transit(width, width // 2)
            width //= 2
        rooms["out_nonlinear"] = _norm_relu(width)
        self.xvector = nn.Sequential(rooms)
        self.xvector.add_module("dense", _Dense(2 * width, DIMENSION))

    def frames(self, mels: Tensor) -> Tensor:
        """What is heard at each moment, shape (batch, 512, frames / 2)."""
        heard: Tensor = self.head(mels.transpose(1, 2))
        for name, room in self.xvector.named_children():
            if name != "dense":
                heard = room(heard)
        return heard

    def pooled(self, frames: Tensor) -> Tensor:
        """The voice in frames, shape (batch, 192)."""
        statistics = torch.cat([frames.mean(dim=-1), frames.std(dim=-1)], dim=1)
        voice: Tensor = self.xvector.get_submodule("dense")(statistics)
        return voice

    def forward(self, mels: Tensor) -> Tensor:
        return self.pooled(self.frames(mels))


class _Residual(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(32, 32, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(32, 32, 1, stride=(stride, 1), bias=False), nn.BatchNorm2d(32)
            )

    def forward(self, x: Tensor) -> Tensor:
        inner = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(inner + self.shortcut(x))


class _Front(nn.Module):
    """Residual convolutions over time and frequency; frequency shrinks to an eighth."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(32, 32, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        x = torch.relu(self.bn2(self.conv2(self.layer2(self.layer1(x)))))
        return x.flatten(1, 2)


class _Tdnn(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(width, out, 5, stride=2, padding=2, bias=False)
        self.nonlinear = _norm_relu(out)

    def forward(self, x: Tensor) -> Tensor:
        heard: Tensor = self.nonlinear(self.linear(x))
        return heard


class _ContextMask(nn.Module):
    """A dilated convolution, masked by what the recording and its segment sound like."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(
            _BOTTLENECK, _GROWTH, 3, padding=dilation, dilation=dilation, bias=False
        )
        self.linear1 = nn.Conv1d(_BOTTLENECK, _BOTTLENECK // 2, 1)
        self.linear2 = nn.Conv1d(_BOTTLENECK // 2, _GROWTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        context = x.mean(dim=-1, keepdim=True) + _segments(x)
        mask = torch.sigmoid(self.linear2(torch.relu(self.linear1(context))))
        masked: Tensor = self.linear_local(x) * mask
        return masked


def _segments(x: Tensor) -> Tensor:
    """The mean of each whole or begun segment, at every frame of it, shape as `x`.

    Sums over a padded copy: pooling with a window longer than the sound is not carried out by
    every engine that runs this graph.
    """
    frames = x.shape[-1]
    padded = nn.functional.pad(x, (0, _SEGMENT_FRAMES))
    count = nn.functional.pad(torch.ones_like(x[:1, :1]), (0, _SEGMENT_FRAMES))
    whole = padded.shape[-1] // _SEGMENT_FRAMES * _SEGMENT_FRAMES
    sums, counts = (
        part[..., :whole].reshape(*part.shape[:-1], -1, _SEGMENT_FRAMES).sum(dim=-1)
        for part in (padded, count)
    )
    means = sums / counts.clamp(min=1.0)
    spread: Tensor = means.repeat_interleave(_SEGMENT_FRAMES, dim=-1)
    return spread[..., :frames]


class _DenseLayer(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _norm_relu(width)
        self.linear1 = nn.Conv1d(width, _BOTTLENECK, 1, bias=False)
        self.nonlinear2 = _norm_relu(_BOTTLENECK)
        self.cam_layer = _ContextMask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        heard: Tensor = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return heard


class _DenseBlock(nn.Module):
    def __init__(self, width: int, layers: int, dilation: int) -> None:
        super().__init__()
        for place in range(layers):
            self.add_module(f"tdnnd{place + 1}", _DenseLayer(width + place * _GROWTH, dilation))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x)], dim=1)
        return x


class _Transit(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.nonlinear = _norm_relu(width)
        self.linear = nn.Conv1d(width, out, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        heard: Tensor = self.linear(self.nonlinear(x))
        return heard


class _Dense(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(width, out, 1, bias=False)
        norm = nn.BatchNorm1d(out, affine=False)
        self.nonlinear = nn.Sequential(OrderedDict(batchnorm=norm))

    def forward(self, x: Tensor) -> Tensor:
        voice: Tensor = self.nonlinear(self.linear(x.unsqueeze(-1)).squeeze(-1))
        return voice


def _norm_relu(width: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(width), relu=nn.ReLU()))
