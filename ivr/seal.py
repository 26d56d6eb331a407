"""The port to whoever keeps words from those who have the database and no key."""

from typing import Protocol


class Seal(Protocol):
    """Keeps words from whoever has the database and no key."""

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """What was sealed; raises StoreUnavailable where it was changed or moved."""
