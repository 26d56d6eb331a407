"""How long models took to load."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic


@dataclass(frozen=True, slots=True)
class Loads:
    """Noted while a house is opened. Every thread may use it."""

    took_s: dict[str, float] = field(default_factory=dict)
    """By a code of the model."""

    @contextmanager
    def noted(self, model: str) -> Iterator[None]:
        """Whatever is loaded inside is this model."""
        began_s = monotonic()
        try:
            yield
        finally:
            self.took_s[model] = monotonic() - began_s
