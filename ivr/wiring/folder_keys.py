"""Keys of folders of encoded voices: one each in the vault, so that it can be destroyed alone."""

from dataclasses import dataclass

from biometrics import AuditKind, SubjectId, Witness
from biometrics.vault.register import Destroyed
from biometrics.vault.vault import Opened, Vault
from ivr.errors import BadBulkFolder
from ivr.seal import Seal
from ivr.wiring.voices import Voices


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSeal:
    """Seals under a key of the vault that is one folder's."""

    opened: Opened

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        return self.opened.seal(bound_to.decode(), plain)

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        return self.opened.unseal(bound_to.decode(), sealed)[0]


@dataclass(frozen=True)
class FolderKeys:
    """Every method raises StoreUnavailable where the keys cannot be asked."""

    voices: Voices

    def made(self, folder: str) -> Seal:
        """Of a folder that holds nothing yet.

        Raises:
            BadBulkFolder: its key was destroyed.
        """
        if self._vault.find(key_name(folder)) is None:
            self._vault.find_or_make(key_name(folder))
        return self.find(folder)

    def find(self, folder: str) -> Seal:
        """Of a folder that was begun.

        Raises:
            BadBulkFolder: there is no key for it here, or it was destroyed.
        """
        found = self._vault.find(key_name(folder))
        if isinstance(found, Opened):
            return FolderSeal(opened=found)
        if found is None:
            raise BadBulkFolder("The folder's key is not in this key database.")
        raise BadBulkFolder("The folder's key was destroyed; what it holds is noise. Remove it.")

    def is_destroyed(self, folder: str) -> bool:
        return isinstance(self._vault.find(key_name(folder)), Destroyed)

    def destroy(self, folder: str, witness: Witness) -> None:
        """Written down first; every copy of the folder is noise from then on.

        Raises:
            StoreUnavailable: it cannot be written down or not be done; the key is there still.
        """
        name = key_name(folder)
        with witness.announced(AuditKind.ENCODED_REMOVED, None, folder=name):
            self._vault.destroy(name)

    @property
    def _vault(self) -> Vault:
        # The store comes first: opening it makes the keys where there are none yet.
        _ = self.voices.sealed
        return self.voices.keys.vault


def key_name(folder: str) -> SubjectId:
    """What a folder's key is called in the vault, and the folder in the audit trail."""
    return SubjectId(f"encoded.{folder}")
