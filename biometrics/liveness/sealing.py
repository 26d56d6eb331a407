"""How what is remembered of a subject is hidden from whoever reads the database."""

from collections.abc import Callable
from typing import Protocol

from biometrics.vault.cipher import Tampered
from biometrics.vault.vault import Opened, Vault
from biometrics.voiceprint import SubjectId

_KIND = "fingerprint"


class Sealing(Protocol):
    """Hides records. Every method raises StoreUnavailable when the keys cannot be had."""

    def row(self, subject: SubjectId) -> str:
        """What stands for the subject in tables."""

    def seal(self, subject: SubjectId, plain: bytes) -> bytes: ...

    def opener(self, subject: SubjectId) -> Callable[[bytes], bytes | None]:
        """What opens the subject's records; None for one that no key opens any more."""


class Unsealed:
    """Hides nothing: for databases that are sealed as a whole."""

    def row(self, subject: SubjectId) -> str:
        return subject

    def seal(self, subject: SubjectId, plain: bytes) -> bytes:
        del subject
        return plain

    def opener(self, subject: SubjectId) -> Callable[[bytes], bytes | None]:
        del subject
        return lambda sealed: sealed


class SealedByVault:
    """Each subject's records under that subject's key: destroying the key erases them.

    A change of the key leaves older records closed too. That costs the memory of older recordings,
    which new calls fill again, and no more than somebody could take who may write the database.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def row(self, subject: SubjectId) -> str:
        return self._vault.row(subject)

    def seal(self, subject: SubjectId, plain: bytes) -> bytes:
        return self._vault.find_or_make(subject).seal(_KIND, plain)

    def opener(self, subject: SubjectId) -> Callable[[bytes], bytes | None]:
        found = self._vault.find(subject)

        def opened(sealed: bytes) -> bytes | None:
            if not isinstance(found, Opened):
                return None
            try:
                return found.unseal(_KIND, sealed)[0]
            except Tampered:
                return None

        return opened
