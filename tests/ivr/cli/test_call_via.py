"""Calling a service that runs: what is refused, and what is told when nobody answers."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import BadSettings, NobodyAnswers

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address that is taken, so that nobody else listens there, and not listened to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    "options",
    [
        ["--server", "127.0.0.1:8080"],
        ["--server", "127.0.0.1:8080", "--via", "twilio", "--fast"],
        ["--server", "127.0.0.1:8080", "--via", "carrier-pigeon"],
    ],
)
def test_a_service_that_runs_is_called_as_a_gateway_and_by_the_clock(options: list[str]) -> None:
    assert CliRunner().invoke(app, ["call", "keys:1", *options]).exit_code == 2


def test_what_is_no_address_is_said_to_be_none() -> None:
    done = CliRunner().invoke(app, ["call", "keys:1", "--via", "rest", "--server", "ftp://x"])

    assert isinstance(done.exception, BadSettings)


@pytest.mark.parametrize("via", ["audiosocket", "twilio", "jambonz", "rest", "vosk"])
def test_nobody_answers(nowhere: str, via: str) -> None:
    done = CliRunner().invoke(app, ["call", "keys:1", "--via", via, "--server", nowhere])

    assert isinstance(done.exception, NobodyAnswers)
    assert done.exception.sentence.startswith(f"Nothing answers at {nowhere}. Start the service")


def test_nobody_answers_is_one_sentence_and_its_code_for_people(
    nowhere: str, tmp_path: Path
) -> None:
    ivr = Path(sys.executable).with_name("ivr")
    done = subprocess.run(  # noqa: S603 - our own command
        [ivr, "call", "keys:1", "--via", "audiosocket", "--server", nowhere],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "IVR_HOME": str(tmp_path)},
    )

    assert done.returncode == 1
    assert done.stderr.endswith("or leave --server out. [nobody_answers]\n")
    assert "Traceback" not in done.stderr
