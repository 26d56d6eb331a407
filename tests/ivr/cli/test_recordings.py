"""`ivr recordings expire`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.live.recordings import recording_name


def expire() -> str:
    return CliRunner().invoke(app, ["recordings", "expire"]).output


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording of a call nine days ago."""
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))
    file = tmp_path / recording_name(datetime.now(UTC) - timedelta(days=9))
    file.write_bytes(b"RIFF")
    return file


def test_without_a_folder_nothing_is_looked_for(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(old.parent)

    assert expire() == "Calls are not recorded.\n"
    assert old.exists()


def test_how_long_recordings_are_kept_is_a_setting(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_GATEWAYS__LIVE__RECORD_INTO", str(old.parent))
    assert expire() == "Deleted: 0.\n"

    monkeypatch.setenv("IVR_GATEWAYS__LIVE__RECORDINGS_DAYS", "8")
    assert expire() == "Deleted: 1.\n"
    assert not old.exists()
