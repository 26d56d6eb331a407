"""Words are sealed as voiceprints are, under keys of the vault."""

from dataclasses import dataclass

from biometrics.vault.cipher import seal, unseal

__all__ = ["VaultSeal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSeal:
    """Seals under a key of the vault that stays while master keys change."""

    key: bytes

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        return seal(self.key, plain, bound_to=bound_to)

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        return unseal(self.key, sealed, bound_to=bound_to)
