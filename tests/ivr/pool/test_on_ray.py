"""The pool on a real Ray, in processes of their own.

Whatever imports Ray has its log records, its files and its signals changed, which others look at.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.process import ROOT
from fakes.ray_pools import HAS_RAY

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed: rufwerk[ray]")


@pytest.mark.parametrize("tests", ["on_ray.py", "on_ray_gone.py"])
def test_every_test_on_a_real_ray_passes(tests: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-q", str(HERE / tests)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
