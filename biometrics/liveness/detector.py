"""Whoever can tell a machine's voice from a person's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from biometrics.speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a detector thinks of one turn."""

    risk: float
    """0 to 1, higher is more likely a machine; comparable within one detector only."""

    is_spoof: bool
    """Its own threshold is reached."""


class SpoofDetector(Protocol):
    """A loaded detector. One per process, shared by every call."""

    @property
    def name(self) -> str: ...

    def judge(self, speech: Speech) -> Opinion | None:
        """None where there is too little speech to tell."""


class ThresholdDetector(SpoofDetector, Protocol):
    """One whose errors were measured, so that it can be measured again and may be trusted."""

    @property
    def threshold(self) -> float:
        """The score from which on a voice is taken for a machine's."""

    @property
    def may_gate(self) -> bool:
        """It stops few enough people to take an acceptance away."""

    def score(self, speech: Speech) -> float | None:
        """Higher is more likely a machine; None where there is too little speech to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardBefore:
    """A detector whose opinion may be known already."""

    name: str
    judge: Callable[[Speech], Opinion | None]
