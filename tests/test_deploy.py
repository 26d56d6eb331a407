"""The files of docs/deploy: systemd takes them, and they give away no right that is not needed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("rufwerk*.*"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
MOST_EXPOSED = 15
"""Tenths, of a hundred: 12 is what a service with sockets and machine code of its own comes to."""

CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
STEPS = re.findall(r"^([A-Z]+) (.*(?:\\\n.*)*)", CONTAINER, re.MULTILINE)

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """With a program that is there in place of ours, as systemd looks for it."""
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8").replace("/opt/rufwerk/bin/ivr", "/usr/bin/env")
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def analyze(*words: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 - a fixed program
        ["systemd-analyze", *map(str, words)],  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@needs_systemd
def test_systemd_takes_the_units_without_a_complaint(units: Path) -> None:
    assert len(UNITS) == 3
    assert analyze("verify", "--man=no", *(units / name for name in UNITS)) == ""


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_services_are_little_exposed(units: Path, name: str) -> None:
    analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", units / name)


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_holds_a_secret(name: str) -> None:
    lines = (DEPLOY / name).read_text("utf-8").splitlines()

    set_here = [line for line in lines if re.match(r"Environment=.*(TOKEN|SECRET|KEY)\w*=", line)]
    assert [line for line in set_here if "_FILE=%d/" not in line] == []


def test_the_container_is_nobody_of_importance() -> None:
    users = [what for step, what in STEPS if step == "USER"]

    assert users == ["10001:10001"]
    last = [step for step, _ in STEPS].index("USER")
    assert {step for step, _ in STEPS[last:]} <= {
        "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
    }  # fmt: skip


def test_the_container_tells_how_it_is_and_holds_no_secret() -> None:
    assert "HEALTHCHECK" in dict(STEPS)
    assert {"ADD", "ARG"} & {step for step, _ in STEPS} == set()
    assert not re.search(r"ENV[^A-Z]*.*(TOKEN|SECRET|PASSWORD)", CONTAINER)
    assert ":latest" not in CONTAINER


def test_the_container_is_made_of_what_is_pinned() -> None:
    installs = re.findall(r"pip install ([^\n]*)", CONTAINER)

    assert len(installs) == 2
    assert [line for line in installs if "-c constraints.txt" not in line] == []


def test_what_the_container_copies_is_there() -> None:
    root = DEPLOY.parents[1]
    copied = [
        name
        for step, what in STEPS
        if step == "COPY" and "--from" not in what
        for name in what.split()[:-1]
    ]

    assert len(copied) > 3
    assert [name for name in copied if not (root / name).exists()] == []
