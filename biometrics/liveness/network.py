"""A small network over the traits of a sound: one hidden layer, several of them averaged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biometrics.liveness.traits import COUNT, RATE_HZ, SHORTEST, traits

WINDOW = 16 * RATE_HZ // 5
"""Samples that are judged as one, 3.2 seconds."""

Array = NDArray[np.float32]

_REACH = 5.0
"""Standardised traits are held within so many deviations: none may decide alone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Weights of `k` networks with `h` hidden values each."""

    mean: Array = field(repr=False)
    """Of each trait where it was learned, shape (COUNT,)."""
    spread: Array = field(repr=False)
    """Shape (COUNT,)."""
    hidden: Array = field(repr=False)
    """Shape (k, COUNT, h)."""
    hidden_offset: Array = field(repr=False)
    """Shape (k, h)."""
    out: Array = field(repr=False)
    """Shape (k, h)."""
    out_offset: Array = field(repr=False)
    """Shape (k,)."""

    def told(self, found: Array) -> Array:
        """Above 0 for a machine, shape (n,), for traits of shape (n, COUNT)."""
        return np.asarray(self._each(found).mean(axis=0), dtype=np.float32)

    def _each(self, found: Array) -> Array:
        entering = standardised(found, self.mean, self.spread)
        inner = np.tanh(entering @ self.hidden + self.hidden_offset[:, np.newaxis])
        return np.asarray((inner * self.out[:, np.newaxis]).sum(axis=2) + self.out_offset[:, None])


def standardised(found: Array, mean: Array, spread: Array) -> Array:
    """In deviations from the mean, held within five of them."""
    return np.asarray(np.clip((found - mean) / spread, -_REACH, _REACH), dtype=np.float32)


def score(network: Network, samples: Array) -> float:
    """Above 0 for a machine: the mean over windows of 3.2 seconds of sound at 8 kHz.

    `samples` has shape (n,), n at least `SHORTEST`.
    """
    whole = range(0, max(len(samples) - WINDOW, 0) + 1, WINDOW)
    windows = [samples[first : first + WINDOW] for first in whole]
    rest = samples[len(windows) * WINDOW :]
    if len(rest) > WINDOW // 2:
        windows.append(rest)
    return float(network.told(np.stack([traits(window) for window in windows])).mean())


def network_from(weights: Mapping[str, Array]) -> Network:
    """The network with these weights by name.

    Raises:
        KeyError, ValueError: a weight is missing, misshapen or no number.
    """
    names = ("mean", "spread", "hidden", "hidden_offset", "out", "out_offset")
    found = {name: np.asarray(weights[name], dtype=np.float32) for name in names}
    copies, count, width = found["hidden"].shape
    inner = (copies, width)
    shapes = [(count,), (count,), (copies, count, width), inner, inner, (copies,)]
    if count != COUNT or [found[name].shape for name in names] != shapes:
        raise ValueError("The weights are of another network.")
    if not all(np.isfinite(value).all() for value in found.values()):
        raise ValueError("A weight is not a number.")
    return Network(**found)


__all__ = ["RATE_HZ", "SHORTEST", "Network", "network_from", "score", "standardised"]
