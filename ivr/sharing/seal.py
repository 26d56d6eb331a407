"""The port to whoever keeps what is shared from those who have the database and no key."""

from typing import Protocol

from ivr.seal import Seal


class NamingSeal(Seal, Protocol):
    """Every worker of one vault opens what another sealed, and finds it by its name."""

    def name(self, text: str) -> str:
        """A keyed digest, the same for the same text: ids of calls can hold numbers."""
