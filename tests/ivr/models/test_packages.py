import importlib.util
from pathlib import Path
from typing import Any

import pytest

from ivr.errors import DiskFull
from ivr.models.failure import SourceFailed
from ivr.models.packages import download_tarball, download_wheel


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "archive"


def test_a_python_without_pip_is_told_how_to_get_it(
    target: Path, tiny: Any, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(SourceFailed, match="`python -m ensurepip` installs it"):
        download_wheel(tiny.python_packages.packages[0], target, watcher)


def test_a_machine_without_npm_is_told_what_it_comes_with(
    target: Path, tiny: Any, watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SourceFailed, match=r"comes with Node\.js"):
        download_tarball(tiny.node_package.package, target, watcher)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: No matching distribution found for tiny-one", "index does not have it"),
        ("npm error code E404", "registry does not have it"),
        ("SSL: CERTIFICATE_VERIFY_FAILED", "certificate is not trusted"),
        ("getaddrinfo EAI_AGAIN", "could not be reached"),
    ],
)
def test_what_pip_and_npm_complain_of_becomes_a_sentence(  # noqa: PLR0913, PLR0917 - fixtures
    words: str, sentence: str, target: Path, tiny: Any, registry: Any, watcher: Any
) -> None:
    registry.says(words)

    with pytest.raises(SourceFailed, match=sentence):
        download_wheel(tiny.python_packages.packages[0], target, watcher)
    with pytest.raises(SourceFailed, match=sentence):
        download_tarball(tiny.node_package.package, target, watcher)


def test_a_password_in_pips_complaint_is_not_passed_on(
    target: Path, tiny: Any, registry: Any, watcher: Any
) -> None:
    registry.says("could not connect to https://anna:hunter2@index.example.org")

    with pytest.raises(SourceFailed) as refusal:
        download_wheel(tiny.python_packages.packages[0], target, watcher)

    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("words", ["[Errno 28] No space left on device", "npm error ENOSPC"])
def test_a_full_disk_under_pip_is_a_full_disk(
    words: str, target: Path, tiny: Any, registry: Any, watcher: Any
) -> None:
    registry.says(words)

    with pytest.raises(DiskFull):
        download_wheel(tiny.python_packages.packages[0], target, watcher)


def test_nothing_lies_about_after_a_failure(
    target: Path, tiny: Any, registry: Any, watcher: Any
) -> None:
    with pytest.raises(SourceFailed):
        download_tarball(tiny.node_package.package, target, watcher)

    assert registry.asked_of_pip == []
    assert list(target.parent.iterdir()) == []


def test_a_wheel_comes_by_pip_alone_and_a_tarball_by_npm(
    target: Path, tiny: Any, registry: Any, watcher: Any
) -> None:
    wheel, data = next(iter(tiny.wheels.items()))
    registry.holds(wheel, data)
    registry.holds("tiny-1.0.tgz", tiny.tarball)

    download_wheel(tiny.python_packages.packages[0], target, watcher)
    assert data == target.read_bytes()
    download_tarball(tiny.node_package.package, target, watcher)
    assert tiny.tarball == target.read_bytes()

    assert registry.asked_of_pip == ["tiny-one==1.0"]
    assert [(wheel, len(data)), ("tiny-1.0.tgz", len(tiny.tarball))] == watcher.steps
