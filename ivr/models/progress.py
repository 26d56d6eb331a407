"""How a long pull tells whoever waits how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Whoever watches a pull. Called from the thread that pulls."""

    def step(self, what: str, total_bytes: int | None) -> None:
        """A new step begins; None where nobody knows how much it will be."""

    def reached(self, done_bytes: int) -> None:
        """So much of the present step is done."""


class NobodyWatches:
    """For pulls that nobody waits at."""

    def step(self, what: str, total_bytes: int | None) -> None:
        pass

    def reached(self, done_bytes: int) -> None:
        pass
