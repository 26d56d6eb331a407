"""A catalogue of models beside the one in the package."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueSettings:
    """An operator's own catalogue. It says what is loaded and run, so it must be signed."""

    file: Path | None = None
    """Like our catalogue.toml; its signature lies beside it, with `.sig` at its name's end."""

    keys: str = ""
    """Public keys that may have signed it, as `ivr models sign` prints them, separated by commas:
    two while one is exchanged."""
