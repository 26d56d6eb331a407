"""Files that are there whole, or not at all, even when the machine stops in the middle."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import DiskReadOnly
from ivr.whole_files import write_whole


@contextmanager
def disk(folder: Path) -> Iterator[None]:
    """What is done with `folder`.

    Raises:
        DiskReadOnly: the disk refuses; what was there is as it was.
    """
    try:
        yield
    except OSError as err:
        why = os.strerror(err.errno or 0)
        raise DiskReadOnly(f"{folder} cannot be used ({why}); nothing has changed.") from err


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes there. The system frees it when its holder is killed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write(file: Path, text: str) -> None:
    """On the disk when this returns; whoever reads meanwhile sees the old text or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.part")
    write_whole(file, text.encode(), part=part)
