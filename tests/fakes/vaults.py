"""Vaults of tests: real keys and a real register, in files of the test's own."""

from pathlib import Path

from biometrics.vault.cipher import new_key
from biometrics.vault.master_keys import GivenKeys, MasterKeys
from biometrics.vault.sql_register import SqlRegister
from biometrics.vault.vault import Vault


def vault_in(folder: Path, masters: MasterKeys | None = None) -> Vault:
    """A vault whose register is `keys.db` in `folder`."""
    register = SqlRegister(f"sqlite:///{folder / 'keys.db'}")
    return Vault(masters or GivenKeys((new_key(),)), register)
