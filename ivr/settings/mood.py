"""From what it is told how a caller fares, and how sure that must be."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodSettings:
    """From what it is told how a caller fares, and how sure that must be."""

    heard_in: Literal["words", "words_and_voice", "off"] = "words"
    """Where the mood is looked for. A voice that is judged for feelings has rules of its own in
    the law (docs/mood.md), so somebody must decide to switch it on."""

    upset_probability: float | None = None
    """Probability of anger from which the voice alone counts, where that is stricter than the
    model's own; None takes the model's."""

    longest_wait_ms: int = 2_500
    """Pause inside a turn from which, with more such signs, the caller is taken to search."""

    slow_syllables_per_second: float = 1.7
    """Pace inside the speech under which a caller is taken to speak very slowly."""

    hesitations: int = 3
    """Sounds such as "äh" in one turn from which the caller is taken to search."""
