"""Where things are on this machine."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from biometrics import Waveform
from ivr.listen.wav import read_file, write_wav
from ivr.models.disk import disk_refusals
from ivr.models.installed import find, local_folders, needed
from ivr.pool.face import Pool
from ivr.settings import Settings
from ivr.wiring.loads import Loads


@dataclass(frozen=True)
class Places:
    """Models, the database and recordings."""

    settings: Settings
    closing: ExitStack = field(default_factory=ExitStack)
    """What must be let go of at the end."""

    loads: Loads = field(default_factory=Loads)

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy address, its folder made.

        Raises:
            DiskReadOnly: the folder cannot be made.
        """
        with disk_refusals(self.settings.home):
            self.settings.home.mkdir(parents=True, exist_ok=True)
        return self.settings.database

    def model(self, name: str) -> Path:
        """The folder of an installed model.

        Raises:
            ModelMissing: it is not installed; says how to get it.
        """
        return needed(name, home=self.settings.home, local_folders=self._local_models)

    def model_if_here(self, name: str) -> Path | None:
        return find(name, home=self.settings.home, local_folders=self._local_models)

    @cached_property
    def pool(self) -> Pool | None:
        """The models that several workers share, where there is such a pool.

        Raises:
            BadSettings: the extra or the token is missing.
            PoolUnavailable: it cannot be joined.
        """
        from ivr.wiring.pooling import pool_of

        return pool_of(self.settings)

    @cached_property
    def _local_models(self) -> tuple[Path, ...]:
        return local_folders(self.settings.models)

    def read_recording(self, path: Path) -> bytes:
        """A recording's bytes; one that is too large is refused before it is read."""
        return read_file(path, self.settings.listen)

    def save(self, sound: Waveform, path: Path) -> None:
        """Write sound as mu-law WAV, whole or not at all.

        Raises:
            DiskFull: there is no room.
            DiskReadOnly: the folder cannot be written to.
        """
        with disk_refusals(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + ".part")
            try:
                part.write_bytes(write_wav(sound, encoding="mulaw"))
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
