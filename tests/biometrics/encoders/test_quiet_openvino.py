"""OpenVINO tells nobody that it is used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

WATCHED = """
import sys
seen = []
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.posix_spawn", "os.mkdir")):
        seen.append((event, str(arguments)))
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append((event, str(arguments[0])))
sys.addaudithook(watch)
"""

LOAD_AND_LISTEN = """
import numpy as np
from biometrics import Waveform
from biometrics.encoders.known import load_encoder, own_encoders
encoder = load_encoder(min(own_encoders().values()))
encoder.encode(Waveform(samples=np.ones(8000, dtype=np.float32), rate_hz=8000))
"""


def run(program: str, home: Path, path: str = "") -> str:
    """In a process of its own, with a home of its own."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-B", "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def listener(tmp_path: Path) -> str:
    """A folder with a package in place of the telemetry, that says what it is told."""
    package = tmp_path / "path" / "openvino_telemetry"
    (package / "backend").mkdir(parents=True)
    (package / "backend" / "__init__.py").touch()
    (package / "backend" / "backend_ga4.py").touch()
    (package / "__init__.py").write_text(
        "class Telemetry:\n"
        "    def __init__(self, app_name='', **k): self.backend = self; self.app_name = app_name\n"
        "    def __getattr__(self, name): return lambda *a, **k: print('told', *a)\n"
    )
    return str(package.parent)


def test_nothing_is_sent_started_or_written(tmp_path: Path) -> None:
    said = run(f"{WATCHED}{LOAD_AND_LISTEN}print(seen)", tmp_path)

    assert said == "[]\n"
    assert list(tmp_path.iterdir()) == []


def test_telemetry_is_told_nothing(tmp_path: Path, listener: str) -> None:
    assert run(LOAD_AND_LISTEN, tmp_path, listener) == ""


def test_openvino_that_nobody_quiets_tells_of_each_import(tmp_path: Path, listener: str) -> None:
    """Without this the test above could pass by hearing nothing. Nothing is sent by it either."""
    assert "told ov import" in run("import openvino", tmp_path, listener)


def test_telemetry_is_not_loaded_and_cannot_be_later(tmp_path: Path) -> None:
    program = """
import sys
import biometrics.encoders.graph
print([m for m in sys.modules if ("telemetry" in m or ".ovc" in m) and sys.modules[m]])
try:
    import openvino_telemetry
except ImportError:
    print("closed")
"""
    assert run(program, tmp_path) == "[]\nclosed\n"


def test_our_own_encoder_needs_no_torch(tmp_path: Path) -> None:
    """It would take seconds to import, and hundreds of megabytes."""
    program = f"""{LOAD_AND_LISTEN}
import sys
print(sorted({{"torch", "torchaudio", "speechbrain"}} & set(sys.modules)))
"""
    assert run(program, tmp_path) == "[]\n"
