"""`ivr daily`: one part that fails keeps no other from being done."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from biometrics import StoreUnavailable
from biometrics.records.rights import Rights

Ivr = Callable[..., Result]


@pytest.fixture
def daily(ivr: Ivr, tmp_path: Path) -> Callable[[], Result]:
    """With two checkpoints of a trail that has an entry."""
    ivr("voiceprint", "opt-out", "s-7f3a")
    ivr("audit", "checkpoint", "--file", tmp_path / "checkpoints")
    return lambda: ivr("daily", "--checkpoints", tmp_path / "checkpoints")


def vouched(tmp_path: Path) -> int:
    return len((tmp_path / "checkpoints").read_text().splitlines())


def test_a_trail_that_was_changed_is_found_and_everything_else_done(
    daily: Callable[[], Result], tmp_path: Path
) -> None:
    connection = sqlite3.connect(tmp_path / "home" / "rufwerk.db")
    connection.executescript(
        "DROP TRIGGER audit_no_UPDATE; UPDATE audit_entries SET kind = 'exported'"
    )
    connection.close()
    done = daily()

    assert done.exit_code == 1
    assert "Broken at entry 1: " in done.stdout
    assert "Not done, or not well: Audit trail." in done.stderr
    assert done.stdout.count("Destroyed: 0.") == 2
    assert vouched(tmp_path) == 2


def test_voices_that_cannot_be_destroyed_keep_nothing_else_from_being_done(
    daily: Callable[[], Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StoreUnavailable("The voiceprints cannot be read.")

    monkeypatch.setattr(Rights, "expire", locked)
    done = daily()

    assert done.exit_code == 1
    assert "The voiceprints cannot be read. [store_unavailable]" in done.stderr
    assert "Not done, or not well: Voiceprints and encoded voices." in done.stderr
    assert vouched(tmp_path) == 2
    assert "Intact: 4 entries, 2 checkpoints." in done.stdout


def test_a_checkpoint_that_cannot_be_written_is_told_of(ivr: Ivr, tmp_path: Path) -> None:
    done = ivr("daily", "--checkpoints", tmp_path / "nowhere" / "checkpoints")

    assert done.exit_code == 1
    assert "Not done, or not well: Checkpoint of the audit trail, Audit trail." in done.stderr
    assert done.stdout.count("Destroyed: 0.") == 2


def test_a_day_like_any_other(daily: Callable[[], Result], tmp_path: Path) -> None:
    done = daily()

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Voiceprints and encoded voices:",
        "Destroyed: 0.",
        "Watchlists:",
        "Destroyed: 0.",
        "Recordings of calls:",
        "Calls are not recorded.",
        "Checkpoint of the audit trail:",
        f"Entry 4 is vouched for in {tmp_path / 'checkpoints'}.",
        "Audit trail:",
        "Intact: 4 entries, 2 checkpoints.",
    ]
