"""The tutorial is run as it stands, and prints what it says."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.process import free_port

from ivr.models import find, local_folders
from ivr.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
BLOCK = re.compile(r"<!-- (run|shows) -->\n```\w+\n(.*?)```", re.DOTALL)
BLOCKS = [(match[1], match[2]) for match in BLOCK.finditer(PAGE)]
MARK = "=== block ==="


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each block printed, run one after the other in one shell."""
    place, whisper = tmp_path_factory.mktemp("tutorial"), _whisper()
    _prepare(place)
    script = f"\necho '{MARK}'\n".join(text for kind, text in BLOCKS if kind == "run")
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    environment = {
        **kept,
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "IVR_MODELS": str(whisper.parent),
        "COLUMNS": "200",
    }
    shell = subprocess.Popen(  # noqa: S603 - our own page
        ["/bin/bash", "-e", "-c", script.replace("8080", str(free_port()))],
        cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = shell.communicate(timeout=600)
    finally:
        _end(shell.pid)
    assert shell.returncode == 0, output
    return output.split(MARK)


def _whisper() -> Path:
    home = Settings().home
    found = find("whisper-base", home=home, local_folders=local_folders(None))
    if found is None:
        pytest.skip("whisper-base is not installed: ivr models pull whisper-base")
    return found


def _prepare(place: Path) -> None:
    """The recordings, this checkout as `ivr`, and what was learned and spoken before."""
    (place / "bin").mkdir()
    (place / "audio_fixtures").symlink_to(ROOT / "audio_fixtures")
    command = place / "bin" / "ivr"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m ivr "$@"\n')
    command.chmod(0o755)
    for name in ("intents", "prompts", "cache"):
        learned = Settings().home / name
        if learned.is_dir():
            shutil.copytree(learned, place / "tutorial" / name)


def _end(group: int) -> None:
    """The service too, where the page did not come to ending it."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_what_is_run_is_followed_by_what_it_shows() -> None:
    assert len(BLOCKS) > 10
    assert [kind for kind, _ in BLOCKS] == ["run", "shows"] * (len(BLOCKS) // 2)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_every_line_that_is_shown_is_printed_in_this_order(printed: list[str]) -> None:
    shown = [text.splitlines() for kind, text in BLOCKS if kind == "shows"]

    missing = [
        line
        for lines, output in zip(shown, printed, strict=True)
        for line in _missing(lines, output)
    ]
    assert missing == []


def _missing(lines: list[str], output: str) -> list[str]:
    """A line is found behind the one before; an ellipsis stands for anything on one line."""
    missing, at = [], 0
    for line in lines:
        found = re.compile(".*".join(map(re.escape, re.split(r"\s*…\s*", line)))).search(output, at)
        missing += [] if found else [line]
        at = found.end() if found else at
    return missing
