"""What contestants do, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from biometrics import Waveform
from ivr.call import Language

Work = Callable[[Waveform, Language], str]
"""From a recording and its language to the words in it; no words where it is about the voice."""

Load = Callable[[Path], Work]
"""From the folder of a model, where it has one, to work that can begin.

Raises ImportError where its package is not installed, CallProblem or VoiceProblem where its model
cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """One task."""

    ms: float
    cpu_ms: float
    """Of all threads of the process."""

    text: str = field(repr=False)
