"""How many processor cores this process may use: fewer than the machine has, in a container."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_ROOT = Path("/")


def usable_cores(root: Path = _ROOT) -> int:
    """Those it may run on, or the whole ones among what its control group leaves it; at least one.

    A limit of one and a half cores counts as one: threads beyond it would only wait.
    """
    return max(1, min([_allowed(), *map(int, _quotas(root))]))


def _allowed() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """In cores, of the process's control group and of those it lies in; of both versions."""
    groups = root / "sys/fs/cgroup"
    for path in _own_groups(root):
        for folder in (path, *path.parents):
            inside = str(folder).lstrip("/")
            yield from _quota(_words(groups / inside / "cpu.max"))
            version_1 = groups / "cpu" / inside
            quota = _words(version_1 / "cpu.cfs_quota_us")
            yield from _quota([*quota, *_words(version_1 / "cpu.cfs_period_us")])


def _own_groups(root: Path) -> Iterator[PurePosixPath]:
    """As /proc tells: number, controllers and path. A container may see paths of its host."""
    yield PurePosixPath("/")
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers or "cpu" in controllers.split(","):
            yield PurePosixPath(path)


def _quota(words: list[str]) -> Iterator[float]:
    """From microseconds of processor time and of the period they are for; none if unlimited."""
    match words:
        case [quota, period] if quota.isdigit() and period.isdigit() and int(period):
            yield int(quota) / int(period)


def _words(file: Path) -> list[str]:
    return _read(file).split()


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError:
        return ""
