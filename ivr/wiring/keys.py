"""Keys: who holds the master key, where the keys of subjects are, and how they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from biometrics.storage.database import open_engine
from biometrics.vault.master_keys import MasterKeys
from biometrics.vault.register import Register
from biometrics.vault.rotation import Rotated, rotate
from biometrics.vault.vault import Vault
from ivr.errors import BadSettings
from ivr.settings import Settings
from ivr.wiring.database import limits_of
from ivr.wiring.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStanding:
    """How the keys stand."""

    holder: str
    """Who holds the master key, in words."""

    master: str
    """Id of the current master key."""

    wrapped: dict[str, int]
    """How many keys each master key wraps."""

    @property
    def is_rotating(self) -> bool:
        """A rotation was begun and not finished."""
        return any(master != self.master for master in self.wrapped)


@dataclass(frozen=True)
class Keys:
    """The vault and what it is made of. Made when it is first needed."""

    places: Places

    @cached_property
    def masters(self) -> MasterKeys:
        return master_keys(self.places.settings)

    @cached_property
    def register(self) -> Register:
        """The keys of subjects, never in the database that they open.

        Raises:
            BadSettings: both have one address.
        """
        from biometrics.vault.sql_register import SqlRegister

        settings = self.places.settings
        if settings.key_database == self.places.database:
            raise BadSettings(
                "IVR_KEYS__DATABASE is the database of the voiceprints; keys must be in another, "
                "or a backup of it could never be erased from."
            )
        register = SqlRegister(open_engine(settings.key_database, limits_of(settings)))
        self.places.closing.callback(register.close)
        return register

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.masters, self.register)

    def standing(self) -> KeyStanding:
        """How the keys stand.

        Raises:
            VoiceProblem: the keys cannot be reached.
        """
        return KeyStanding(
            holder=holder_of(self.places.settings),
            master=self.masters.current,
            wrapped=self.register.masters(),
        )

    def rotate(self, on_progress: Callable[[int, int], None]) -> Rotated:
        """Another master key for everything.

        Raises:
            VoiceProblem: the keys cannot be reached; what was done stays done.
        """
        return rotate(self.masters, self.register, on_progress=on_progress)


def master_keys(settings: Settings) -> MasterKeys:
    """Whoever the settings make the holder of the master key.

    Raises:
        BadSettings: they name two.
        KeysUnavailable: what they give is no key.
    """
    from biometrics.vault.command_keys import CommandKeys
    from biometrics.vault.key_file import FileKeys
    from biometrics.vault.master_keys import read_keys

    keys = settings.keys
    if keys.master is not None and keys.command:
        raise BadSettings("Set IVR_KEYS__MASTER or IVR_KEYS__COMMAND, not both.")
    if keys.master is not None:
        return read_keys(keys.master)
    return CommandKeys(keys.command) if keys.command else FileKeys(settings.master_key_file)


def holder_of(settings: Settings) -> str:
    """Who holds the master key, in words."""
    if settings.keys.master is not None:
        return "the environment, IVR_KEYS__MASTER"
    if settings.keys.command:
        return "a command, IVR_KEYS__COMMAND"
    return f"the file {settings.master_key_file}"


def fresh_master_key() -> str:
    """A new master key as text; nobody has it but who reads this."""
    from biometrics.vault.cipher import new_key
    from biometrics.vault.master_keys import printed

    return printed(new_key())


def has_begun(settings: Settings) -> bool:
    """Whether keys were made or given; otherwise the first start makes them."""
    keys = settings.keys
    is_given = keys.master is not None or bool(keys.command) or bool(keys.database)
    here = (settings.master_key_file, settings.home / "keys.db")
    return is_given or any(file.exists() for file in here)
