"""The weights of a network out of the file they were kept in, checked to be numbers."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

Weights = Mapping[str, NDArray[np.float32]]

UNFIT = (
    *(OSError, EOFError, pickle.UnpicklingError, SafetensorError),
    # What building a network raises when weights and network do not fit each other.
    *(RuntimeError, ValueError, KeyError, TypeError, AttributeError, AssertionError),
)
"""Everything that reading weights and putting them into a network can fail with."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """Weights, and which file they are."""

    weights: Weights = field(repr=False)
    sha256: str


def read_safetensors(file: Path) -> Trained:
    """Weights of a safetensors file, widened to 32 bits.

    Raises one of UNFIT where there are none.
    """
    return _trained(file, load_file(file))


def read_checkpoint(file: Path, *path: str) -> Trained:
    """Weights that `torch.save` wrote, at `path` inside what it wrote.

    Raises one of UNFIT where there are none.
    """
    # Only torch reads its own files, and only the weights that others trained come in them.
    import torch  # noqa: PLC0415

    # weights_only: a checkpoint is a pickle, and may otherwise run anything.
    found = torch.load(file, map_location="cpu", weights_only=True)
    for name in path:
        found = found[name]
    return _trained(file, {name: tensor.numpy() for name, tensor in found.items()})


def _trained(file: Path, weights: Mapping[str, NDArray[np.generic]]) -> Trained:
    # Half precision halves a file; the arithmetic is done in 32 bits.
    wide = {name: np.asarray(weight, dtype=np.float32) for name, weight in weights.items()}
    if not all(np.isfinite(weight).all() for weight in wide.values()):
        raise ValueError("A weight is not a number.")
    with file.open("rb") as content:
        return Trained(weights=wide, sha256=file_digest(content, "sha256").hexdigest())
