"""Whether several voices in one go cost less than one after the other. Calls do not do it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from biometrics.encoders.ecapa import own_recipe
from biometrics.encoders.ecapa_graph import EcapaShape, ecapa_run
from biometrics.encoders.trained_weights import read_safetensors

_FRAMES = 301
"""Of 3 s."""


def voices_in_one_go(folder: Path, *, voices: int, threads: int) -> Callable[[], object]:
    """One pass of our encoder in `folder` over so many voices of 3 s, on so many threads.

    Raises:
        EncoderUnusable: it cannot be loaded.
    """
    recipe = own_recipe(folder / "config.json")
    weights = read_safetensors(folder / "model.safetensors").weights
    shape = EcapaShape(**recipe.network)
    run = ecapa_run(shape, weights, threads=threads, voices=voices)
    chance = np.random.default_rng(3)
    features = chance.normal(0, 10, (voices, _FRAMES, shape.input_size)).astype(np.float32)
    return lambda: run(features)
