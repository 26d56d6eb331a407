"""Files that are there whole or not at all, and that tell whether they are as they were written."""

import hashlib
import os
from pathlib import Path

_DIGEST_BYTES = hashlib.sha256().digest_size


def write_whole(file: Path, data: bytes, *, part: Path, mode: int = 0o666) -> None:
    """On the disk when this returns; whoever reads meanwhile sees the old bytes or the new ones.

    Args:
        file: in a folder that is there.
        data: all of it.
        part: where it is written until it is whole, in the same folder.
        mode: of the file, less what the process's umask takes away.

    Raises:
        OSError: the disk refuses; what was there is as it was.
    """
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    flush(file.parent)


def flush(path: Path) -> None:
    """A file's bytes, or the names in a folder, are on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def with_digest(name: str, content: bytes) -> bytes:
    """What is written of a file that can be made again, so that damage is noticed."""
    return _digest(name, content) + content


def without_digest(name: str, data: bytes) -> bytes | None:
    """The content; None where it is damaged, or another file's: that is as wrong."""
    digest, content = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    return content if digest == _digest(name, content) else None


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).digest()
