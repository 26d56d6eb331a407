"""Is this file what the catalogue says it is?"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ivr.models.model import ModelFile

CHUNK_BYTES = 1 << 20


def digest_of(path: Path) -> str:
    """The sha256 of a file, read a megabyte at a time."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(path: Path) -> int | None:
    """Bytes of a file; None where there is none."""
    return path.stat().st_size if path.is_file() else None


def has_sizes(folder: Path, files: Iterable[ModelFile]) -> bool:
    """Every file is there and as long as it should be. Nothing is read."""
    return all(size_of(folder / file.path) == file.size_bytes for file in files)


def faults_in(folder: Path, files: Iterable[ModelFile]) -> tuple[str, ...]:
    """A sentence for each file that is missing, short or altered; every byte is read."""
    return tuple(fault for file in files if (fault := _fault(folder, file)))


def _fault(folder: Path, file: ModelFile) -> str:
    there = size_of(folder / file.path)
    if there is None:
        return f"{file.path} is missing."
    if there != file.size_bytes:
        return f"{file.path} has {there} bytes instead of {file.size_bytes}."
    if digest_of(folder / file.path) != file.sha256:
        return f"{file.path} has other content than the catalogue pins (sha256)."
    return ""


def files_of(folder: Path) -> tuple[ModelFile, ...]:
    """What a folder holds, hidden files apart, each file with its size and digest."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        ModelFile(
            path=path.relative_to(folder).as_posix(),
            size_bytes=path.stat().st_size,
            sha256=digest_of(path),
        )
        for path in paths
        if not path.name.startswith(".")
    )
