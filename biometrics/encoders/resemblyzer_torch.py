"""Resemblyzer's network on torch: the reference."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from biometrics.encoders.network_encoder import Hear
from biometrics.encoders.resemblyzer import LAYERS, MELS, WIDTH
from biometrics.encoders.trained_weights import Weights


def resemblyzer_on_torch(weights: Weights, *, threads: int) -> Hear:
    """From windows of mel bands, shape (windows, frames, 40), to voices, shape (windows, 256).

    `threads` counts for the whole process: torch keeps one number of threads.

    Raises:
        RuntimeError: the weights do not fit the network.
    """
    torch.set_num_threads(threads)
    network = nn.ModuleDict(
        {"lstm": nn.LSTM(MELS, WIDTH, LAYERS, batch_first=True), "linear": nn.Linear(WIDTH, WIDTH)}
    )
    network.load_state_dict({name: torch.from_numpy(weight) for name, weight in weights.items()})

    def hear(windows: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            _, (memory, _) = network["lstm"](torch.from_numpy(windows))
            return np.asarray(torch.relu(network["linear"](memory[-1])).numpy())

    return hear
