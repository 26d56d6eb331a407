"""What people may edit in the browser."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class EditingSettings:
    """What people may edit in the browser."""

    folder: Path | None = None
    """Where its versions are; None means `edited` in `home`."""

    test_de: Path | None = None
    """German sentences that no pack holds, to judge changed intents by: text, tab, label."""

    test_en: Path | None = None
    """English ones."""
