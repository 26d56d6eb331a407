"""Writing that is either done or not: locks, flushes, swaps, and the disk's own refusals."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.errors import DiskFull, DiskReadOnly
from ivr.models.progress import Progress
from ivr.whole_files import flush

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_refusals(place: Path) -> Iterator[None]:
    """Turn what the disk says into sentences.

    Raises:
        DiskFull: there is no room in `place`.
        DiskReadOnly: `place` cannot be written to.
    """
    try:
        yield
    except OSError as err:
        if err.errno in _FULL:
            raise DiskFull(
                f"There is no room left in {place}; make room or set IVR_HOME to another disk, "
                "then pull again. Nothing half-installed was left behind."
            ) from err
        raise DiskReadOnly(
            f"{place} cannot be written to ({os.strerror(err.errno or errno.EIO)}); "
            "set IVR_HOME to a folder that can."
        ) from err


def need_room(place: Path, needed_bytes: int) -> None:
    """Refuse early what cannot end well.

    Raises:
        DiskFull: `place` has less free space.
    """
    free_bytes = shutil.disk_usage(place).free
    if free_bytes < needed_bytes:
        raise DiskFull(
            f"{place} has {free_bytes // 1_000_000} MB free and this takes about "
            f"{needed_bytes // 1_000_000} MB; make room or set IVR_HOME to another disk."
        )


@contextmanager
def only_one(lock: Path, progress: Progress) -> Iterator[None]:
    """Wait until nobody else holds `lock`. The system frees it even when its holder is killed."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.step("waiting for another pull of the same model", None)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def settle(folder: Path) -> None:
    """Everything under `folder` is on the disk when this returns."""
    for parent, _, names in os.walk(folder):
        for name in names:
            flush(Path(parent) / name)
        flush(Path(parent))


def swap_in(new: Path, place: Path, old: Path) -> None:
    """Put the folder `new` where `place` is; what was there goes to `old`."""
    if place.exists():
        place.rename(old)
    new.rename(place)
    flush(place.parent)
