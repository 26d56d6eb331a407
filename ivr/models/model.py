"""A model as the catalogue describes it: its exact files, and where they can be had."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a model is for."""

    RECOGNITION = "recognition"
    VOICEPRINT = "voiceprint"
    SPOOFING = "spoofing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model, pinned by what it contains."""

    path: str
    """Inside the model's folder, with forward slashes."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One exact set of files. Two uploads of the same weights may wrap them differently."""

    name: str
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file that holds model files, pinned as a whole."""

    file: str
    """Its name, such as a wheel's."""

    sha256: str
    size_bytes: int | None
    """None where nobody wrote it down; the digest decides anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One release in a package registry."""

    name: str
    version: str
    archive: Archive


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder on this machine that an operator filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPackages:
    """Wheels that together hold one edition, got by pip."""

    edition: str
    packages: tuple[Package, ...]

    folder: str
    """Where the files lie inside the wheels."""

    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Files that come in parts, each with its parts in order, by their full names in the wheels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePackage:
    """One tarball that holds one edition, got by npm."""

    edition: str
    package: Package

    folder: str
    """Where the files lie inside the tarball."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamFiles:
    """One edition, file by file, from those who made the model."""

    edition: str

    url: str
    """With {path} where a file's path goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamZip:
    """A pinned zip, from those who made the model; its files are pinned by it."""

    url: str
    archive: Archive

    folder: str
    """The folder inside the zip that is the model."""


Source = LocalFolder | PythonPackages | NodePackage | UpstreamFiles | UpstreamZip


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One entry of the catalogue."""

    name: str
    what: str
    kind: Kind
    licence: str
    languages: tuple[str, ...]
    """Those of them that are spoken here; none where the model does not depend on language."""

    size_bytes: int
    """About what it takes to keep, or, of a zip, to download."""

    sources: tuple[Source, ...]
    """In the order they are tried."""

    editions: tuple[Edition, ...] = ()
    is_required: bool = False
    """The product needs it to hear anything at all."""

    folders: tuple[str, ...] = ()
    """Names, besides its own, under which an operator's folder may hold it."""

    needs: tuple[str, ...] = ()
    """Files without which a folder cannot be it, where its files are not listed one by one."""

    def edition(self, name: str) -> Edition:
        return next(edition for edition in self.editions if edition.name == name)
