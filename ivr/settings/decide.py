"""Who decides."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSettings:
    """Who decides."""

    policy: Path | None = None
    """A policy file in place of the one in the package."""
