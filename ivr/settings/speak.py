"""How prompts sound."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakSettings:
    """How prompts sound."""

    default_language: Literal["de", "en"] = "de"
    """For callers whose language nobody knows."""

    company: str = "Rufwerk"
    """The name that the greeting says."""

    level_dbfs: float = -18.0
    """Loudness of prompts, root mean square."""
