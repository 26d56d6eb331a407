"""Vaults of tests: real keys and a real register, in files of the test's own."""

from pathlib import Path

from biometrics.storage.database import Engine
from biometrics.vault.cipher import new_key
from biometrics.vault.master_keys import GivenKeys, MasterKeys
from biometrics.vault.sql_register import SqlRegister
from biometrics.vault.vault import Vault


def vault_in(folder: Path, masters: MasterKeys | None = None) -> Vault:
    """A vault whose register is `keys.db` in `folder`."""
    return vault_of(f"sqlite:///{folder / 'keys.db'}", masters)


def vault_of(database: str | Engine, masters: MasterKeys | None = None) -> Vault:
    """A vault whose register is in a database of its own."""
    return Vault(masters or GivenKeys((new_key(),)), SqlRegister(database))
