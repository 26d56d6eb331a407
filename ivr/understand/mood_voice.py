"""Whether a voice sounds angry: a small regression on how the turn was said."""

import json
import math
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from ivr.errors import MoodModelUnusable
from ivr.understand.baseline import MANNER, Baseline, manner
from ivr.understand.prosody import Prosody

_MODEL = "voice-mood-0"
_LEAST_MS = 1_200
"""Of speech; less has no melody."""

_LEAST_ABOVE_DB = 10.0
"""Over the background; in more noise than that its sound would be judged along."""

_FARTHEST = 3.0
"""Standard deviations; a trait farther off is a slip of the measurement."""

_Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A logistic regression on traits of a turn."""

    mean: _Line = field(repr=False)
    spread: _Line = field(repr=False)
    weights: _Line = field(repr=False)
    bias: float
    threshold: float
    """Probability from which the voice may speak for itself."""

    def probability(self, traits: _Line) -> float:
        """Of anger, calibrated for callers of whom one in twenty is angry."""
        logit = float(standard(traits, self.mean, self.spread) @ self.weights) + self.bias
        return 1 / (1 + math.exp(-max(min(logit, 50.0), -50.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anger:
    """What a voice tells of anger."""

    probability: float
    threshold: float
    """The model's own; hardly any calm turn was above it, as its card tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMood:
    """A loaded model. One per process, shared by every call."""

    alone: Curve
    """For callers whose usual way of speaking nobody knows yet."""

    compared: Curve
    """For turns that can be compared with the caller's first seconds."""

    def anger(self, turn: Prosody, usual: Baseline) -> Anger | None:
        """How angry the voice sounds; None when the turn is too short or too noisy to tell."""
        above_db = turn.above_background_db
        if turn.net_ms < _LEAST_MS or (above_db is not None and above_db < _LEAST_ABOVE_DB):
            return None
        curve = self.compared if usual.is_known else self.alone
        return Anger(probability=curve.probability(traits(turn, usual)), threshold=curve.threshold)


def traits(turn: Prosody, usual: Baseline) -> _Line:
    """What the regression sees: the turn without its height, and its distance from the usual."""
    here = manner(turn)
    if not usual.is_known:
        return here[1:]
    return np.concatenate([here[1:], here - np.asarray(usual.usual)])


def standard(values: _Line, mean: _Line, spread: _Line) -> _Line:
    """In standard deviations from the mean, at most three."""
    return np.clip((values - mean) / spread, -_FARTHEST, _FARTHEST)


@cache
def voice_mood() -> VoiceMood:
    """The model that comes with the project.

    Raises:
        MoodModelUnusable: it is missing or damaged.
    """
    return read_voice_mood(resources.files("ivr.understand") / "weights" / _MODEL / "model.json")


def read_voice_mood(file: Traversable) -> VoiceMood:
    """The model in a file that `scripts/train-mood` wrote.

    Raises:
        MoodModelUnusable: it is missing, damaged, or made for other traits.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        alone, compared = _curve(content["alone"]), _curve(content["compared"])
        is_ours = tuple(content["traits"]) == MANNER
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise MoodModelUnusable("The model of angry voices cannot be read.") from err
    if not is_ours or (len(alone.weights), len(compared.weights)) != _sizes():
        raise MoodModelUnusable("The model of angry voices was made for other traits.")
    return VoiceMood(alone=alone, compared=compared)


def _sizes() -> tuple[int, int]:
    return len(MANNER) - 1, 2 * len(MANNER) - 1


def _curve(content: dict[str, list[float] | float]) -> Curve:
    mean, spread, weights = (
        np.asarray(content[name], dtype=np.float64) for name in ("mean", "spread", "weights")
    )
    if not (mean.shape == spread.shape == weights.shape and np.all(spread > 0)):
        raise ValueError("The parts do not fit together.")
    return Curve(
        mean=mean,
        spread=spread,
        weights=weights,
        bias=float(content["bias"]),  # type: ignore[arg-type]  # float() refuses a list
        threshold=float(content["threshold"]),  # type: ignore[arg-type]
    )
