"""The port to whoever keeps what is shared from those who have the database and no key."""

from typing import Protocol


class Seal(Protocol):
    """Every worker of one vault opens what another sealed."""

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """What was sealed; raises StoreUnavailable where it was changed or moved."""

    def name(self, text: str) -> str:
        """A keyed digest, the same for the same text: ids of calls can hold numbers."""
