"""Other subjects whose voices sound like one: for a person to look at, and never a decision."""

from collections.abc import Callable
from dataclasses import dataclass

from biometrics.voiceprint import SubjectId, Voiceprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """Somebody else whose voiceprint sounds alike."""

    subject: SubjectId

    llr: float
    """Natural-log likelihood ratio, above 0 speaks for the same person."""


Lookalikes = Callable[[Voiceprint], tuple[Lookalike, ...]]
"""Other subjects whose print sounds like this one, most alike first."""
