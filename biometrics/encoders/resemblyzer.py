"""The encoder that Resemblyzer publishes, to compare with.

Wan, Wang, Papir, Moreno: "Generalized End-to-End Loss for Speaker Verification", ICASSP 2018,
arXiv 1710.10467: three layers of memory over windows of 1.6 s. Its authors cut long pauses out
beforehand; here it hears what every encoder hears.
"""

from functools import cache
from pathlib import Path

import numpy as np

from biometrics.encoder import unit
from biometrics.encoders.encoder_files import damaged, existing, pull
from biometrics.encoders.fbank import Floats, filtered, framed, power
from biometrics.encoders.network_encoder import Hear, NetworkEncoder, NetworkEngine
from biometrics.encoders.trained_weights import UNFIT, Weights, read_checkpoint
from biometrics.voiceprint import EncoderId

RESEMBLYZER = EncoderId("resemblyzer")
RESEMBLYZER_FILE = "pretrained.pt"

MELS = 40
WIDTH = 256
LAYERS = 3

_RATE_HZ = 16_000
_FFT = 400
_HOP = 160
_WINDOW_FRAMES = 160
_STEP_FRAMES = 77
"""1.3 windows a second."""

_KNEE_MEL = 15
"""At 1 kHz, where the mel scale turns from linear to logarithmic."""

_LEAST_COVERED = 0.75
"""A last window that holds less sound than this is left out."""

_LEAST_LEVEL = np.float32(10 ** (-30 / 20))
"""Root mean square; what is quieter is made as loud as this."""

_FOREIGN = ("similarity_weight", "similarity_bias")
"""Of the loss that it was trained with."""


def load_resemblyzer(
    folder: Path, *, engine: NetworkEngine = NetworkEngine.OPENVINO, threads: int = 1
) -> NetworkEncoder:
    """The encoder in `folder`, from its pretrained.pt.

    `threads` is how many processor threads one call may use; with torch, in this whole process.

    Raises:
        EncoderUnusable: the file is missing or damaged.
    """
    file = existing(folder / RESEMBLYZER_FILE, pull(RESEMBLYZER))
    try:
        trained = read_checkpoint(file, "model_state")
        weights = {name: w for name, w in trained.weights.items() if name not in _FOREIGN}
        build = _on_torch if engine is NetworkEngine.TORCH else _on_openvino
        network = build(weights, threads)
    except UNFIT as err:
        raise damaged(file, pull(RESEMBLYZER)) from err
    return NetworkEncoder(
        id=RESEMBLYZER,
        dimension=WIDTH,
        rate_hz=_RATE_HZ,
        weights_sha256=trained.sha256,
        hear=lambda samples: _mean_voice(network(_windows(samples))),
    )


def _mean_voice(voices: Floats) -> Floats:
    lengths = np.linalg.norm(voices, axis=1, keepdims=True)
    return unit(np.mean(voices / np.maximum(lengths, 1e-12), axis=0, dtype=np.float32))


def _windows(samples: Floats) -> Floats:
    """Mel bands of each window, shape (windows, 160, 40); plain powers, no logarithm."""
    level = np.sqrt(np.mean(samples**2))
    if 0 < level < _LEAST_LEVEL:
        samples = samples * (_LEAST_LEVEL / level)
    frames = -(-(len(samples) + 1) // _HOP)
    starts = list(range(0, max(1, frames - _WINDOW_FRAMES + _STEP_FRAMES + 1), _STEP_FRAMES))
    covered = (len(samples) / _HOP - starts[-1]) / _WINDOW_FRAMES
    if covered < _LEAST_COVERED and len(starts) > 1:
        starts.pop()
    due = (starts[-1] + _WINDOW_FRAMES) * _HOP
    filled = np.pad(samples, (_FFT // 2, max(0, due - len(samples)) + _FFT // 2))
    bands = filtered(power(framed(filled, _FFT, _HOP) * _window(), _FFT), _filters())
    return np.stack([bands[start : start + _WINDOW_FRAMES] for start in starts])


@cache
def _window() -> Floats:
    """Hann's, that would repeat after its own length."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT), dtype=np.float32)


@cache
def _filters() -> Floats:
    """Triangles of equal area on Slaney's mel scale, shape (201, 40), as librosa makes them."""
    edges = _hz(
        np.linspace(0, _KNEE_MEL + np.log(_RATE_HZ / 2 / 1000) / (np.log(6.4) / 27), MELS + 2)
    )
    hz = np.linspace(0, _RATE_HZ / 2, _FFT // 2 + 1)[:, None]
    rising = (hz - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - hz) / np.diff(edges)[1:]
    triangles = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))
    return np.asarray(triangles, dtype=np.float32)


def _hz(mel: Floats) -> Floats:
    """Linear up to 1 kHz, which is 15 mel; 27 mel more are 6.4 times the frequency."""
    return np.where(
        mel < _KNEE_MEL, mel * 200 / 3, 1000 * np.exp((mel - _KNEE_MEL) * np.log(6.4) / 27)
    )


def _on_torch(weights: Weights, threads: int) -> Hear:
    # Torch takes seconds to import and is only needed here.
    from biometrics.encoders.resemblyzer_torch import resemblyzer_on_torch  # noqa: PLC0415

    return resemblyzer_on_torch(weights, threads=threads)


def _on_openvino(weights: Weights, threads: int) -> Hear:
    # OpenVINO is only needed here.
    from biometrics.encoders import graph  # noqa: PLC0415

    parameters = graph.Parameters(weights)
    features = graph.entry("features", -1, _WINDOW_FRAMES, MELS)
    heard, width = features, MELS
    for layer in range(LAYERS):
        heard, width = graph.lstm(heard, parameters, "lstm", layer, (width, WIDTH)), WIDTH
    voice = graph.line(graph.last_row(heard), parameters, "linear", (WIDTH, WIDTH))
    parameters.check_all_taken()
    run = graph.compiled([features], graph.relu(voice), threads=threads)
    return lambda windows: run({"features": windows})
