"""Engineers keep their git: what is published is committed there, and nothing else is touched."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.editing.document import DocumentName, digest_of
from ivr.editing.mirror import Mirror
from ivr.editing.version import Version

RULES = DocumentName("policy.yaml")
PROMPTS = DocumentName("prompts/de.yaml")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        ["git", "-C", str(folder), *words],  # noqa: S607 - whichever is installed
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def version(number: int, message: str = "Shorter") -> Version:
    return Version(
        number=number,
        follows=number - 1,
        at=datetime(2026, 11, 26, tzinfo=UTC),
        author="anna",
        message=message,
        files={RULES: digest_of("a: 1\n")},
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    return tmp_path


def test_without_git_the_texts_lie_there(tmp_path: Path) -> None:
    is_committed = Mirror(folder=tmp_path).show(version(1), {RULES: "a: 1\n"}, gone=[PROMPTS])

    assert not is_committed
    assert (tmp_path / RULES).read_text() == "a: 1\n"


def test_a_mirror_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")

    assert not Mirror(folder=tmp_path / "files").show(version(1), {RULES: "a: 1\n"}, gone=[])


def test_a_hook_that_refuses_fails_nothing(repository: Path) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)

    assert not Mirror(folder=repository).show(version(1), {RULES: "a: 1\n"}, gone=[])
    assert (repository / RULES).read_text() == "a: 1\n"


def test_a_version_is_a_commit_by_its_author(repository: Path) -> None:
    mirror = Mirror(folder=repository)

    assert mirror.show(version(1), {RULES: "a: 1\n", PROMPTS: "b: 1\n"}, gone=[])
    assert mirror.show(version(2, "Back"), {RULES: "a: 2\n"}, gone=[PROMPTS])
    assert mirror.show(version(3, "$(touch x); --amend"), {RULES: "a: 2\n"}, gone=[PROMPTS])

    assert git(repository, "log", "--format=%an|%s|%b").split("\n")[:1] == [
        "anna|$(touch x); --amend|Version 3"
    ]
    assert git(repository, "rev-list", "--count", "HEAD").strip() == "3"
    assert git(repository, "ls-files").split() == [RULES]
    assert not (repository / "x").exists()


def test_what_an_engineer_works_on_is_not_committed(repository: Path) -> None:
    (repository / "own.yaml").write_text("mine\n")
    (repository / "staged.yaml").write_text("mine\n")
    git(repository, "add", "staged.yaml")

    assert Mirror(folder=repository).show(version(1), {RULES: "a: 1\n"}, gone=[PROMPTS])
    assert git(repository, "ls-tree", "--name-only", "HEAD").split() == [RULES]
    assert (repository / "own.yaml").exists()
