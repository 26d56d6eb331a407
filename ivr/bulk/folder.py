"""A folder of shards: each whole or not there, and sealed, since voices can be compared."""

import fcntl
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from biometrics import StoreUnavailable
from ivr.bulk.row import Row
from ivr.bulk.shard import packed, unpacked
from ivr.errors import BadBulkFolder, DiskReadOnly, NoBulkFolder
from ivr.seal import Seal
from ivr.whole_files import write_whole

_RUN = "run.json"
_SHARD = "{:07}.shard"
_ID_BYTES = 16
_ID = re.compile(r"[0-9a-f]{32}")
"""It names a key and is written into the audit trail, so nothing else may stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Shards by number, sealed under a key of this folder alone."""

    path: Path
    id: str
    """Random; names the key."""

    seal: Seal

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else writes to the folder, or destroys it, until the end.

        Raises:
            BadBulkFolder: it was destroyed or begun anew meanwhile.
            DiskReadOnly: it cannot be written to.
        """
        return _alone(self.path, self.id)

    def write(self, number: int, rows: Sequence[Row]) -> None:
        """On the disk when this returns; killed before, nothing of it counts. Only while `alone`.

        Raises:
            DiskReadOnly: it cannot be written.
        """
        sealed = self.seal.seal(packed(rows), bound_to=self._bound(number))
        _write(self._file(number), sealed)

    def read(self, number: int) -> tuple[Row, ...] | None:
        """The rows of a shard; None where it is not there, or is damaged or another one."""
        try:
            sealed = self._file(number).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as err:
            raise DiskReadOnly(f"{self.path} cannot be read.") from err
        try:
            return unpacked(self.seal.unseal(sealed, bound_to=self._bound(number)))
        except StoreUnavailable:
            return None

    def numbers(self) -> tuple[int, ...]:
        """Of all shards that are there, in their order."""
        found = (file.stem for file in self.path.glob("*.shard"))
        return tuple(sorted(int(stem) for stem in found if stem.isdecimal()))

    def shards(self) -> Iterator[tuple[Row, ...]]:
        """All that are there, in their order.

        Raises:
            BadBulkFolder: one is damaged.
        """
        for file in sorted(self.path.glob("*.shard")):
            rows = self.read(int(file.stem)) if file.stem.isdecimal() else None
            if rows is None:
                raise BadBulkFolder(f"{file} is damaged. Encode again into the same folder.")
            yield rows

    def _file(self, number: int) -> Path:
        return self.path / _SHARD.format(number)

    def _bound(self, number: int) -> bytes:
        return f"shard {number} of {self.id}".encode()


def begin(
    path: Path, made_with: Mapping[str, str], seal_of: Callable[[str], Seal], *, now: datetime
) -> Folder:
    """The folder for a run, new or gone on with; `seal_of` takes the folder's id.

    Raises:
        BadBulkFolder: it was begun otherwise, or holds something else.
        DiskReadOnly: it cannot be written to.
    """
    if not (path / _RUN).exists():
        _make(path, made_with, now)
    folder = opened(path, seal_of)
    check_made_with(path, made_with)
    # Alone, or it could be what another process is writing.
    with folder.alone():
        for part in path.glob("*.part"):
            part.unlink(missing_ok=True)
    return folder


def opened(path: Path, seal_of: Callable[[str], Seal]) -> Folder:
    """A folder that was begun.

    Raises:
        BadBulkFolder: it holds no such run.
    """
    found = folder_id(path)
    return Folder(path=path, id=found, seal=seal_of(found))


def check_made_with(path: Path, made_with: Mapping[str, str]) -> None:
    """Raises BadBulkFolder where one of the settings is another than the folder was begun with."""
    kept = _run(path)["made_with"]
    for name, value in made_with.items():
        if kept.get(name) != value:
            what = name.replace("_", " ")
            raise BadBulkFolder(
                f"{path} was begun with another {what}. Name another folder, or destroy this one "
                "with ivr bulk forget."
            )


def folder_id(path: Path) -> str:
    """Raises BadBulkFolder: no run was begun there."""
    return str(_run(path)["id"])


def begun_at(path: Path) -> datetime | None:
    """When the run was begun; None where it does not say. Raises BadBulkFolder as `folder_id`."""
    found: datetime | None = _run(path)["begun_at"]
    return found


def destroy(path: Path) -> int:
    """Remove what a run has left, and the folder if nothing else is in it; how many shards.

    Raises:
        BadBulkFolder: no run was begun there.
        DiskReadOnly: it cannot be removed.
    """
    try:
        with _alone(path, folder_id(path)):
            shards = sorted(path.glob("*.shard"))
            # Last what says that it is such a folder: until then this can be done again.
            for file in (*shards, *path.glob("*.part"), path / _RUN):
                file.unlink(missing_ok=True)
        if not any(path.iterdir()):
            path.rmdir()
    except OSError as err:
        raise DiskReadOnly(f"{path} cannot be removed.") from err
    return len(shards)


@contextmanager
def _alone(path: Path, folder: str) -> Iterator[None]:
    # That file is there as long as the folder is, and never replaced. The system frees the lock
    # when its holder is killed.
    try:
        lock = (path / _RUN).open("r+b")
    except (FileNotFoundError, NotADirectoryError) as err:
        raise NoBulkFolder(f"{path} is no folder of encoded recordings any more.") from err
    except OSError as err:
        raise DiskReadOnly(f"{path} cannot be written.") from err
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder_id(path) != folder:
            raise BadBulkFolder(f"{path} was begun anew meanwhile; run the same again.")
        yield


def _make(path: Path, made_with: Mapping[str, str], now: datetime) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(file.suffix != ".part" for file in path.iterdir()):
            raise BadBulkFolder(f"{path} holds something else. Name a new folder.")
        path.chmod(0o700)
    except OSError as err:
        raise DiskReadOnly(f"{path} cannot be written.") from err
    run = {
        "id": secrets.token_hex(_ID_BYTES),
        "begun_at": now.isoformat(),
        "made_with": dict(made_with),
    }
    _write(path / _RUN, json.dumps(run, indent=1).encode())


def _run(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / _RUN).read_bytes())
        run = {"id": _id(found), "made_with": dict(found["made_with"]), "begun_at": _begun(found)}
    except (FileNotFoundError, NotADirectoryError) as err:
        raise NoBulkFolder(f"{path} is no folder of encoded recordings.") from err
    except OSError as err:
        raise DiskReadOnly(f"{path} cannot be read.") from err
    except (ValueError, KeyError, TypeError) as err:
        raise BadBulkFolder(f"{path / _RUN} is damaged. Name another folder.") from err
    return run


def _id(run: Mapping[str, Any]) -> str:
    found = str(run["id"])
    if not _ID.fullmatch(found):
        raise ValueError
    return found


def _begun(run: Mapping[str, Any]) -> datetime | None:
    if "begun_at" not in run:
        return None
    moment = datetime.fromisoformat(run["begun_at"])
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _write(file: Path, data: bytes) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        write_whole(file, data, part=part, mode=0o600)
    except OSError as err:
        raise DiskReadOnly(f"{file} cannot be written.") from err
