"""Silero's speech detector, run by onnxruntime. Nothing else in this package imports onnxruntime.

Model and frame format: github.com/snakers4/silero-vad, `OnnxWrapper` in utils_vad.py. Its package
imports torch, so only the file inside it is used, never the package.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import (
    EPFail,
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)
from onnxruntime.capi.onnxruntime_pybind11_state import (
    NotImplemented as NotImplementedHere,
)

from biometrics.errors import DetectorUnusable
from biometrics.resample import resampled
from biometrics.waveform import Waveform

_RATE_HZ = 8_000
_FRAME = 256
_RATE = np.array(_RATE_HZ, dtype=np.int64)
_CONTEXT = 32
_STATE_SHAPE = (2, 1, 128)
_ONNX_PROBLEMS = (
    EPFail,
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
    NotImplementedHere,
)


class Silero:
    """A loaded speech detector. It keeps nothing between recordings, so every thread may use it."""

    def __init__(self, file: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except _ONNX_PROBLEMS as err:
            raise DetectorUnusable(
                "The speech detector's file is missing or damaged; install silero-vad again."
            ) from err

    @property
    def frame_ms(self) -> int:
        return _FRAME * 1000 // _RATE_HZ

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        """Probability of speech for each whole frame of 32 ms, shape (frames,)."""
        return self.stream().feed(resampled(waveform, _RATE_HZ).samples)

    def stream(self) -> "SileroStream":
        """Listen to sound that comes piece by piece."""
        return SileroStream(self._session)


class SileroStream:
    """One caller's sound, 8 kHz, heard while it comes. Never shared."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._state = np.zeros(_STATE_SHAPE, dtype=np.float32)
        self._heard = np.zeros((1, _CONTEXT + _FRAME), dtype=np.float32)
        self._rest = np.zeros(0, dtype=np.float32)

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of speech for each frame of 32 ms that is whole by now, shape (frames,)."""
        sound = np.concatenate([self._rest, samples])
        frames = len(sound) // _FRAME
        self._rest = sound[frames * _FRAME :]
        return np.array(
            [self._next(sound[frame * _FRAME : (frame + 1) * _FRAME]) for frame in range(frames)],
            dtype=np.float32,
        )

    def _next(self, frame: NDArray[np.float32]) -> float:
        self._heard[0, :_CONTEXT] = self._heard[0, -_CONTEXT:]
        self._heard[0, _CONTEXT:] = frame
        inputs = {"input": self._heard, "state": self._state, "sr": _RATE}
        output, self._state = self._session.run(None, inputs)
        return float(output[0, 0])


def load_silero() -> Silero:
    """The detector whose file the package silero-vad brings along.

    Raises:
        DetectorUnusable: the package is not installed, or its file cannot be loaded.
    """
    package = find_spec("silero_vad")
    if package is None or package.origin is None:
        raise DetectorUnusable("The speech detector is not installed; install silero-vad.")
    return Silero(Path(package.origin).parent / "data" / "silero_vad.onnx")
