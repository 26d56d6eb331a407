"""A contestant answers tasks by lines, whatever libraries print."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.evaluate.peers.act import peak_mb

FIXTURES = Path(__file__).parents[4] / "audio_fixtures"


def answers(name: str, folder: Path, *tasks: dict[str, str]) -> list[dict[str, object]]:
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own module
        [sys.executable, "-m", "ivr.evaluate.peers.act", name, str(folder)],
        input="".join(json.dumps(task) + "\n" for task in tasks),
        capture_output=True,
        text=True,
        check=False,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_model_that_is_missing_is_said(tmp_path: Path) -> None:
    (only,) = answers("vosk", tmp_path)

    assert "not installed" in str(only["absent"])


def test_an_encoder_is_ready_then_answers_and_tells_its_memory() -> None:
    weights = Path(__file__).parents[4] / "biometrics" / "weights" / "telephone-ecapa-1"
    task = {"recording": str(FIXTURES / "klaus-yes.wav"), "language": "de"}

    ready, acted, left = answers("ours", weights, task)

    assert ready == {"absent": ""}
    assert acted.keys() == {"ms", "cpu_ms", "text"}
    assert left.keys() == {"peak_mb"}


def test_pocketsphinx_knows_english_alone() -> None:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed: the extra [peers]")
    task = {"recording": str(FIXTURES / "emily-refund.wav"), "language": "en"}

    _, acted, _ = answers("pocketsphinx", Path(), task)

    assert "money" in str(acted["text"])


def test_the_memory_of_this_process_is_known_where_the_system_tells() -> None:
    assert peak_mb() >= 0
