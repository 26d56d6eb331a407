"""The file of a backup: a ZIP with the rows of each table as lines of JSON, and a manifest."""

import errno
import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from ivr.database.manifest import NAME, Manifest, Part, read_manifest
from ivr.errors import BadBackup, DiskFull, DiskReadOnly
from ivr.whole_files import flush

Progress = Callable[[int, int], None]
"""Rows done, and of how many."""

_DAMAGED = "The backup is damaged or not whole; nothing was changed. Take another one."
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST_MANIFEST_BYTES = 1_000_000


@dataclass(slots=True)
class Writing:
    """A backup that is being written."""

    file: ZipFile
    parts: dict[str, Part] = field(default_factory=dict)

    def add(self, table: str, columns: tuple[str, ...], lines: Iterable[bytes]) -> None:
        digest, rows = hashlib.sha256(), 0
        with self.file.open(_entry(table), "w", force_zip64=True) as entry:
            for line in lines:
                entry.write(line)
                digest.update(line)
                rows += 1
        self.parts[table] = Part(columns=columns, rows=rows, sha256=digest.hexdigest())

    def end(self, manifest: Manifest) -> None:
        self.file.writestr(NAME, manifest.model_dump_json(indent=1))


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole: every line of it was looked at."""

    file: ZipFile
    manifest: Manifest

    def lines(self, table: str) -> Iterator[bytes]:
        with self.file.open(_entry(table)) as entry:
            yield from entry


@contextmanager
def written(path: Path) -> Iterator[Writing]:
    """A new file that its owner alone may read; it is there when it is whole, or not at all.

    Raises:
        DiskFull: there is no room.
        DiskReadOnly: it is there already, or may not be written.
    """
    part = path.with_name(f".{path.name}.part")
    if path.exists():
        raise DiskReadOnly(_taken(path))
    with _refusals(path.parent):
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with _refusals(path.parent), os.fdopen(handle, "w+b") as raw:
            with ZipFile(raw, "w", ZIP_DEFLATED) as file:
                yield Writing(file)
            raw.flush()
            os.fsync(raw.fileno())
            _name(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """A backup, read through once before anything is done with it.

    Raises:
        BadBackup: it is missing, damaged, cut off or none.
    """
    with _damage(path):
        file = ZipFile(path)
    with file:
        with _damage(path):
            backup = Backup(file, read_manifest(_read_start(file)))
            _check(backup)
        yield backup


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, KeyError, EOFError, NotImplementedError, zlib.error) as err:
        raise BadBackup(_DAMAGED) from err
    except OSError as err:
        raise BadBackup(f"{path} cannot be read.") from err


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        if err.errno in _FULL:
            raise DiskFull(f"There is no room left in {folder}; nothing was left there.") from err
        raise DiskReadOnly(f"{folder} cannot be written to.") from err


def _read_start(file: ZipFile) -> bytes:
    with file.open(NAME) as entry:
        return entry.read(_LONGEST_MANIFEST_BYTES)


def _check(backup: Backup) -> None:
    said = backup.manifest.tables
    if sorted(backup.file.namelist()) != sorted([NAME, *map(_entry, said)]):
        raise BadBackup(_DAMAGED)
    for table, part in said.items():
        digest, rows = hashlib.sha256(), 0
        for line in backup.lines(table):
            digest.update(line)
            rows += 1
        if (rows, digest.hexdigest()) != (part.rows, part.sha256):
            raise BadBackup(_DAMAGED)


def _name(part: Path, path: Path) -> None:
    """A link is refused where somebody made the file meanwhile; a new name would replace it."""
    try:
        os.link(part, path)
    except FileExistsError as err:
        raise DiskReadOnly(_taken(path)) from err
    except OSError:  # disks that know no links
        part.rename(path)
    flush(path.parent)


def _taken(path: Path) -> str:
    return f"{path} is there already; name another file."


def _entry(table: str) -> str:
    return f"{table}.jsonl"
