"""What the teacher CAM++ hears, for the student to learn. Only training needs it."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from biometrics.encoders.campplus_network import CamPlusPlus
from biometrics.encoders.quiet_openvino import make_openvino_quiet
from biometrics.encoders.torchaudio_stand_in import make_torchaudio_importable

make_torchaudio_importable()
make_openvino_quiet()

import openvino  # noqa: E402 - quiet only after the lines above
from openvino.frontend import FrontEndManager  # noqa: E402 - as above
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder  # noqa: E402 - as above
from torchaudio.compliance import kaldi  # noqa: E402 - importable only after the lines above

FRAME_MS = 20
"""Time from one frame of the teacher to the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """One recording as the teacher hears it."""

    voice: NDArray[np.float32]
    """Shape (192,), length one."""

    frames: NDArray[np.float32]
    """Shape (moments, 512)."""


class Teacher:
    """CAM++ on wideband sound. One a process; not for several threads."""

    def __init__(self, weights: Path, *, threads: int) -> None:
        network = CamPlusPlus()
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        network.eval()
        wishes = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "bf16"}
        self._run = openvino.Core().compile_model(_graph(network), "CPU", wishes)

    def listen(self, samples: NDArray[np.float32]) -> Lesson:
        """The lesson of samples at 16 kHz, shape (n,)."""
        mels = self.mels(samples)
        result = self._run(mels.unsqueeze(0).numpy())
        frames, voice = result[0][0], result[1][0]
        return Lesson(voice=voice / np.linalg.norm(voice), frames=np.ascontiguousarray(frames.T))

    def mels(self, samples: NDArray[np.float32]) -> torch.Tensor:
        """Mel bands without their mean, shape (frames, 80)."""
        bands: torch.Tensor = kaldi.fbank(
            torch.from_numpy(samples).unsqueeze(0),
            num_mel_bins=80,
            sample_frequency=16_000,
            dither=0.0,
        )
        return bands - bands.mean(dim=0, keepdim=True)


def _graph(network: CamPlusPlus) -> openvino.Model:
    """Read by OpenVINO's own front end: its conversion tools bring the telemetry with them."""
    reader = FrontEndManager().load_by_framework("pytorch")
    with warnings.catch_warnings():
        # The front end traces, which torch would rather see done in another way.
        warnings.simplefilter("ignore", DeprecationWarning)
        both = TorchScriptPythonDecoder(_Both(network), example_input=torch.zeros(1, 300, 80))
    return reader.convert(reader.load(both))


class _Both(torch.nn.Module):
    def __init__(self, network: CamPlusPlus) -> None:
        super().__init__()
        self.network = network

    def forward(self, mels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        frames = self.network.frames(mels)
        return frames, self.network.pooled(frames)
