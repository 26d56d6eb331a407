"""Which folders of encoded voices there are, so that none outlives its time unnoticed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ivr.editing.durable import disk, only_one
from ivr.errors import BadBulkFolder
from ivr.whole_files import write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFolder:
    """A folder, as it was known last."""

    id: str
    paths: tuple[Path, ...]
    """Where it was opened: more than one if it was moved or copied."""

    begun_at: datetime
    """Aware."""


class KnownFolders:
    """The list of them, in a file for its owner alone; any number of processes may change it.

    Every method raises BadBulkFolder where the file is damaged, and DiskReadOnly where it cannot
    be read or written; then it is as it was.
    """

    def __init__(self, home: Path) -> None:
        """`home`: where everything lives."""
        self._folder = home / "encoded"
        self._file = self._folder / "folders.json"

    def all(self) -> tuple[KnownFolder, ...]:
        """The one begun first comes first."""
        with disk(self._folder):
            return self._read()

    def add(self, folder: str, path: Path, begun_at: datetime) -> None:
        """Know a folder, and this place of it; what is known already changes nothing."""
        place = path.resolve()
        with disk(self._folder), only_one(self._folder):
            known = {one.id: one for one in self._read()}
            found = known.get(folder, KnownFolder(id=folder, paths=(), begun_at=begun_at))
            if place not in found.paths:
                known[folder] = replace(found, paths=(*found.paths, place))
                self._write(known.values())

    def discard(self, folder: str) -> None:
        """Know a folder no longer."""
        with disk(self._folder), only_one(self._folder):
            known = self._read()
            left = tuple(one for one in known if one.id != folder)
            if left != known:
                self._write(left)

    def _read(self) -> tuple[KnownFolder, ...]:
        try:
            found = json.loads(self._file.read_bytes())["folders"]
            known = tuple(sorted(map(_known, found), key=lambda one: one.begun_at))
        except FileNotFoundError:
            return ()
        except (ValueError, KeyError, TypeError) as err:
            raise BadBulkFolder(
                f"{self._file} is damaged, so folders of encoded voices are not destroyed in time. "
                "Bring it back from a backup; or move it away and run ivr bulk evaluate with every "
                "folder, which makes it known again."
            ) from err
        return known

    def _write(self, known: Iterable[KnownFolder]) -> None:
        told = {"folders": [_told(one) for one in known]}
        part = self._file.with_name(f".{self._file.name}.part")
        write_whole(self._file, json.dumps(told, indent=1).encode(), part=part, mode=0o600)


def _told(folder: KnownFolder) -> dict[str, Any]:
    return {
        "id": folder.id,
        "paths": [str(path) for path in folder.paths],
        "begun_at": folder.begun_at.isoformat(),
    }


def _known(told: dict[str, Any]) -> KnownFolder:
    begun = datetime.fromisoformat(told["begun_at"])
    if begun.tzinfo is None:
        raise ValueError
    paths = tuple(Path(path) for path in told["paths"])
    return KnownFolder(id=str(told["id"]), paths=paths, begun_at=begun)
