"""The list of every model the product can use, read from catalogue.toml and checked."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from ivr.errors import BadSettings, CatalogueUntrusted, UnknownModel
from ivr.models.model import (
    Archive,
    Edition,
    Kind,
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
from ivr.models.signed import read_signed
from ivr.settings import CatalogueSettings, read_settings
from ivr.strict_toml import parsed

_OURS_SHA256 = "53466a98f50a8efa4c39c57a8617a68524b2670f1b6ce43f14bea7a16e23689a"
"""Of catalogue.toml. The digests in it decide what is loaded; this one decides about it, so that
both must be changed, and a change of one is seen in the other."""


@cache
def catalogue() -> tuple[Model, ...]:
    """Every model: ours, then those of the operator's catalogue.

    Raises:
        CatalogueUntrusted: ours is not as it was shipped, or the operator's is not signed.
        BadSettings: the operator's is named without keys, or cannot be used.
    """
    return together(ours(), _operators(read_settings().catalogue))


def ours() -> tuple[Model, ...]:
    """Those of the package.

    Raises:
        CatalogueUntrusted: the file is not the one that was shipped.
    """
    content = (files("ivr.models") / "catalogue.toml").read_bytes()
    if hashlib.sha256(content).hexdigest() != _OURS_SHA256:
        raise CatalogueUntrusted("The catalogue in the package was changed; install it again.")
    return read_catalogue(content.decode())


def together(first: tuple[Model, ...], more: tuple[Model, ...]) -> tuple[Model, ...]:
    """Both catalogues.

    Raises:
        BadSettings: a model of one has the name of one of the other.
    """
    twice = {model.name for model in first} & {model.name for model in more}
    if twice:
        raise BadSettings(
            f"The operator's catalogue names models of ours: {', '.join(sorted(twice))}."
        )
    return (*first, *more)


def _operators(settings: CatalogueSettings) -> tuple[Model, ...]:
    if settings.file is None:
        return ()
    text = read_signed(settings.file, settings.keys)
    try:
        return read_catalogue(text)
    except ValueError as err:
        raise BadSettings(f"{settings.file} cannot be used: {err}.") from err


def model_named(name: str, models: tuple[Model, ...] | None = None) -> Model:
    """The catalogue's entry.

    Raises:
        UnknownModel: there is none of this name; the sentence lists those there are.
    """
    among = catalogue() if models is None else models
    for model in among:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in among)
    raise UnknownModel(f"There is no model of this name. There are: {names}.")


def read_catalogue(text: str) -> tuple[Model, ...]:
    """Parse and check a catalogue.

    Raises:
        ValueError: an entry lacks something, pins nothing, or names a path outside its folder.
    """
    try:
        models = tuple(_model(entry) for entry in parsed(text)["model"])
    except (KeyError, TypeError, AttributeError) as err:
        raise ValueError(f"The catalogue lacks or misplaces {err}.") from err
    if len({model.name for model in models}) != len(models):
        raise ValueError("The catalogue names a model twice.")
    return models


def _model(entry: dict[str, Any]) -> Model:
    model = Model(
        name=_plain(entry["name"]),
        what=entry["what"],
        kind=Kind(entry["kind"]),
        licence=entry["licence"],
        languages=tuple(entry["languages"]),
        size_bytes=entry["bytes"],
        sources=tuple(_source(source) for source in entry["source"]),
        editions=tuple(_edition(edition) for edition in entry.get("edition", ())),
        is_required=entry.get("required", False),
        folders=tuple(_plain(folder) for folder in entry.get("folders", ())),
        needs=tuple(_inside(path) for path in entry.get("needs", ())),
    )
    _check(model)
    return model


def _check(model: Model) -> None:
    names = {edition.name for edition in model.editions}
    for source in model.sources:
        if not isinstance(source, LocalFolder | UpstreamZip) and source.edition not in names:
            raise ValueError(f"{model.name}: a source gives an edition that is not listed.")
    if not model.editions and not model.needs:
        raise ValueError(f"{model.name}: neither its files nor what it needs are listed.")


def _edition(entry: dict[str, Any]) -> Edition:
    return Edition(
        name=entry["name"],
        files=tuple(
            ModelFile(
                path=_inside(file["path"]),
                size_bytes=file["bytes"],
                sha256=_digest(file["sha256"]),
            )
            for file in entry["files"]
        ),
    )


def _source(entry: dict[str, Any]) -> Source:
    match entry["kind"]:
        case "local":
            return LocalFolder()
        case "pypi":
            joined = {path: tuple(parts) for path, parts in entry.get("joined", {}).items()}
            return PythonPackages(
                edition=entry["edition"],
                packages=tuple(_package(package) for package in entry["packages"]),
                folder=_inside(entry["folder"]),
                joined=joined,
            )
        case "npm":
            return NodePackage(
                edition=entry["edition"],
                package=_package(entry["package"]),
                folder=_inside(entry["folder"]),
            )
        case "upstream":
            return UpstreamFiles(edition=entry["edition"], url=_address(entry["url"]))
        case "zip":
            url = _address(entry["url"])
            archive = _archive({**entry, "file": PurePosixPath(url).name})
            return UpstreamZip(url=url, archive=archive, folder=_inside(entry["folder"]))
        case other:
            raise ValueError(f"No source is of the kind {other!r}.")


def _package(entry: dict[str, Any]) -> Package:
    return Package(name=entry["name"], version=entry["version"], archive=_archive(entry))


def _archive(entry: dict[str, Any]) -> Archive:
    return Archive(
        file=_plain(entry["file"]),
        sha256=_digest(entry["sha256"]),
        size_bytes=entry.get("bytes"),
    )


def _digest(text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):  # noqa: PLR2004 - hex of 256 bits
        raise ValueError("A digest in the catalogue is no sha256.")
    return text


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path:
        raise ValueError("A path in the catalogue leads out of its folder.")
    return path


def _plain(name: str) -> str:
    if _inside(name) != PurePosixPath(name).name:
        raise ValueError("A name in the catalogue is a path.")
    return name


def _address(url: str) -> str:
    if not url.startswith("https://"):
        raise ValueError("An address in the catalogue is not https.")
    return url
