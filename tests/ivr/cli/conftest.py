"""The command, in a house of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Words become arguments; the house is in `home`, beside what a test puts there."""
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, [*map(str, words)])
