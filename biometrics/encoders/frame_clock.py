"""Sizes that a network is compiled for, and how it stays exact where sound fills a size in part.

OpenVINO compiles its kernels anew for each number of frames. Measured with telephone-ecapa-0, a
number that was not seen before costs some 30 ms and 2 MB, so that memory grew by a gigabyte over
600 recordings. Features are therefore filled up to one of few sizes, and every layer that looks
beyond one frame is told where the sound ends.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biometrics.encoders import graph
from biometrics.encoders.graph import Feed, Flow

_STEPS_AN_OCTAVE = 8
"""Sizes from one power of two to the next: at most an eighth of a size is filling."""

_SHORTEST = 32
_UNHEARD = np.float32(-1e4)
"""Added to what enters a softmax, it leaves a share of zero."""


def size_for(frames: int) -> int:
    """The smallest size that holds so many frames."""
    if frames <= _SHORTEST:
        return _SHORTEST
    step = max(1, (1 << (frames - 1).bit_length() - 1) // _STEPS_AN_OCTAVE)
    return -(-frames // step) * step


@dataclass(frozen=True, slots=True)
class FrameClock:
    """Knows, inside a graph, which frames are sound. One a graph."""

    is_sound: Flow = field(default_factory=lambda: graph.entry("is_sound", 1, 1, -1))
    unheard: Flow = field(default_factory=lambda: graph.entry("unheard", 1, 1, -1))
    one_frame: Flow = field(default_factory=lambda: graph.entry("one_frame", 1, 1, 1))
    reflections: dict[int, Flow] = field(default_factory=dict)

    @property
    def entries(self) -> list[Flow]:
        return [self.is_sound, self.unheard, self.one_frame, *self.reflections.values()]

    def reflect(self, x: Flow, frames: int) -> Flow:
        """`x` continued at both ends of its sound by its mirror image."""
        if not frames:
            return x
        name = f"reflection_{frames}"
        if frames not in self.reflections:
            self.reflections[frames] = graph.entry(name, -1, kind=np.int32)
        return graph.frames_at(x, self.reflections[frames])

    def mean(self, x: Flow) -> Flow:
        """Over the frames of sound; one frame long."""
        return graph.sum_over_time(x * self.is_sound) * self.one_frame

    def softmax(self, x: Flow) -> Flow:
        """Over the frames of sound; the others get nothing."""
        return graph.softmax_over_time(x + self.unheard)

    def feed(self, features: NDArray[np.float32]) -> Feed:
        """What enters the graph for features of shape (frames, bands)."""
        frames = len(features)
        place = np.arange(size_for(frames))
        is_sound = (place < frames)[None, None]
        return {
            "features": np.pad(features, ((0, len(place) - frames), (0, 0)))[None],
            "is_sound": is_sound.astype(np.float32),
            "unheard": np.where(is_sound, np.float32(0), _UNHEARD),
            "one_frame": np.full((1, 1, 1), 1 / frames, dtype=np.float32),
            **{f"reflection_{n}": _reflection(frames, n, len(place)) for n in self.reflections},
        }


def _reflection(frames: int, beyond: int, size: int) -> NDArray[np.int32]:
    """Which frame stands at each place from `beyond` before the first one."""
    place = np.abs(np.arange(-beyond, size + beyond))
    last = frames - 1
    return np.asarray(np.maximum(0, last - np.abs(last - place)), dtype=np.int32)
