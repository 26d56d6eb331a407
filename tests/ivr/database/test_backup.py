"""A backup is whole or not there, and comes back whole or not at all."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from fakes.changed_backups import Change, changed, lose_a_line, saying, twice, with_people
from fakes.databases import SQL, an_engine
from fakes.filled_database import Rows, rows_in
from sqlalchemy import insert, text

from biometrics import (
    AuditEvent,
    AuditKind,
    Intact,
    StoreUnavailable,
)
from biometrics.records.sql_audit import SqlAudit
from biometrics.records.sql_consent import SqlLedger
from biometrics.storage.database import Engine, open_engine, plain, writing
from ivr.database.backup import back_up
from ivr.database.manifest import Manifest
from ivr.database.migrations import upgrade
from ivr.database.restore import restore
from ivr.database.revisions import Revisions
from ivr.database.shape import tables_of
from ivr.errors import BadBackup, DatabaseInUse, DatabaseUnfit, DiskReadOnly

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
REVISIONS = Revisions()
PASSING = {"shared_calls", "shared_notes"}
TABLES = [one for one in tables_of(REVISIONS.newest, REVISIONS) if one.name not in PASSING]
SIGNED_IN = "people_sessions"


@pytest.fixture(params=SQL)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Another database, of the same kind or not."""
    with an_engine(request, tmp_path) as opened:
        yield opened


def backed_up(engine: Engine, path: Path) -> Manifest:
    return back_up(engine, path, NOW, REVISIONS, _nobody_watches)


def restored(engine: Engine, path: Path, *, replace: bool = False) -> Manifest:
    return restore(engine, path, REVISIONS, _nobody_watches, replace=replace)


def _nobody_watches(done: int, of: int) -> None:
    assert done <= of


def rows_of(engine: Engine) -> Rows:
    with engine.connect() as connection:
        return rows_in(connection, TABLES)


def without_sessions(rows: Rows) -> Rows:
    return {name: some for name, some in rows.items() if name != SIGNED_IN}


@pytest.mark.parametrize("change", [lose_a_line, saying(revision="9999")], ids=["line", "newer"])
def test_what_is_not_as_it_was_backed_up_changes_nothing(
    filled: Engine, tmp_path: Path, change: Change
) -> None:
    path = tmp_path / "backup.zip"
    backed_up(filled, path)
    before = rows_of(filled)
    changed(path, change)

    with pytest.raises(BadBackup):
        restored(filled, path, replace=True)
    assert rows_of(filled) == before


def test_what_is_there_is_replaced_only_when_that_was_said(filled: Engine, tmp_path: Path) -> None:
    path, before = tmp_path / "backup.zip", rows_of(filled)
    backed_up(filled, path)

    with pytest.raises(DatabaseInUse, match=r"rows in .*customers.*Nothing was changed"):
        restored(filled, path)
    assert rows_of(filled) == before


def test_rows_that_the_database_refuses_change_nothing(filled: Engine, tmp_path: Path) -> None:
    path, before = tmp_path / "backup.zip", rows_of(filled)
    backed_up(filled, path)

    changed(path, twice)

    with pytest.raises(StoreUnavailable, match="refuses what was to be written"):
        restored(filled, path, replace=True)
    assert rows_of(filled) == before


@pytest.mark.parametrize("line", [b"no JSON", b"{}", b"[1]", b"\xff"])
def test_rows_that_cannot_be_read_change_nothing(
    filled: Engine, tmp_path: Path, line: bytes
) -> None:
    path, before = tmp_path / "backup.zip", rows_of(filled)
    backed_up(filled, path)
    changed(path, with_people(line + b"\n"))

    with pytest.raises(BadBackup, match="rows of people cannot be read"):
        restored(filled, path, replace=True)
    assert rows_of(filled) == before


def test_a_backup_goes_over_no_other_file(filled: Engine, tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    path.write_text("A letter.")

    with pytest.raises(DiskReadOnly, match="there already"):
        backed_up(filled, path)
    with pytest.raises(DiskReadOnly, match="cannot be written to"):
        backed_up(filled, tmp_path / "nowhere" / "backup.zip")
    assert path.read_text() == "A letter."


def test_a_backup_that_fails_leaves_nothing_behind(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def full(done: int, of: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="no room left"):
        back_up(filled, folder / "backup.zip", NOW, REVISIONS, full)
    assert list(folder.iterdir()) == []


def test_voices_that_are_not_sealed_are_in_no_backup(filled: Engine, tmp_path: Path) -> None:
    with writing(filled) as connection:
        connection.execute(text("CREATE TABLE voiceprints (subject TEXT)"))

    with pytest.raises(DatabaseUnfit, match="not sealed yet"):
        backed_up(filled, tmp_path / "backup.zip")


def test_a_backup_is_its_owners_alone_whatever_the_umask(
    filled: Engine, tmp_path: Path, open_umask: None
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backed_up(filled, folder / "backup.zip")

    (made,) = folder.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_every_row_of_every_table_comes_back_in_either_kind_of_database(
    filled: Engine, other: Engine, tmp_path: Path
) -> None:
    path, before = tmp_path / "backup.zip", rows_of(filled)
    made = backed_up(filled, path)

    assert made.rows == 3 * len(TABLES)
    assert restored(other, path) == made
    assert without_sessions(rows_of(other)) == without_sessions(before)
    assert REVISIONS.standing(other).pending == ()


def test_whoever_was_signed_in_signs_in_again(filled: Engine, tmp_path: Path) -> None:
    backed_up(filled, tmp_path / "backup.zip")

    restored(filled, tmp_path / "backup.zip", replace=True)

    assert rows_of(filled)[SIGNED_IN] == []


def test_new_rows_are_numbered_on_after_those_that_came_back(
    filled: Engine, other: Engine, tmp_path: Path
) -> None:
    backed_up(filled, tmp_path / "backup.zip")
    restored(other, tmp_path / "backup.zip")

    voices = next(table for table in TABLES if table.name == "voice_visits")
    with writing(other) as connection:
        new = {
            "subject": "s",
            "began_at": NOW.replace(tzinfo=None),
            "ended_at": NOW.replace(tzinfo=None),
        }
        connection.execute(insert(voices), new)
    assert [row[0] for row in rows_of(other)["voice_visits"]] == [1, 2, 3, 4]


def test_an_older_backup_is_brought_up_to_date_and_an_older_schema_made_for_it(
    filled: Engine, tmp_path: Path, later: Revisions
) -> None:
    path, before = tmp_path / "backup.zip", rows_of(filled)
    backed_up(filled, path)
    upgrade(filled, later)
    with writing(filled) as connection:
        connection.execute(text("INSERT INTO shoes VALUES (43, 'left')"))

    restore(filled, path, later, _nobody_watches, replace=True)

    assert without_sessions(rows_of(filled)) == without_sessions(before)
    assert later.standing(filled).revision == later.newest
    with filled.connect() as connection:
        assert connection.execute(text("SELECT * FROM shoes")).all() == []


def test_a_backup_of_a_newer_version_is_refused(
    filled: Engine, tmp_path: Path, later: Revisions
) -> None:
    upgrade(filled, later)
    path = tmp_path / "backup.zip"
    with pytest.raises(DatabaseUnfit, match="newer version"):
        backed_up(filled, path)
    back_up(filled, path, NOW, later, _nobody_watches)

    with pytest.raises(BadBackup, match="newer version"):
        restored(filled, path, replace=True)


def test_what_may_only_be_added_to_is_guarded_again_and_the_trail_is_intact(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    upgrade(engine, REVISIONS)
    trail = SqlAudit(engine, key=b"k" * 32)
    for _ in range(3):
        trail.record(AuditEvent(kind=AuditKind.READ, at=NOW, actor="service"))
    SqlLedger(engine)
    backed_up(engine, tmp_path / "backup.zip")
    for place in (engine, other):
        trail = SqlAudit(place, key=b"k" * 32)
        restored(place, tmp_path / "backup.zip", replace=True)

        assert trail.check() == Intact(entries=3)
        trail.record(AuditEvent(kind=AuditKind.READ, at=NOW, actor="service"))
        assert trail.check() == Intact(entries=4)
        if place.dialect.name == "sqlite":
            with pytest.raises(StoreUnavailable), writing(place) as connection:
                connection.execute(text("DELETE FROM audit_entries"))


def test_what_is_written_meanwhile_is_in_no_part_of_it(
    filled: Engine, address: str, tmp_path: Path
) -> None:
    """Rows of two tables that are always written together stay together."""
    tries = next(table for table in TABLES if table.name == "people_tries")
    pins = next(table for table in TABLES if table.name == "pins")
    stop, writer = Event(), open_engine(address)

    def write() -> None:
        for number in range(1_000):
            if stop.is_set():
                return
            with writing(writer) as connection:
                name = f"both-{number}"
                row = {"key": name, "failures": 1, "last_at": plain(NOW)}
                connection.execute(insert(tries), row)
                row = {"label": name, "salt": b"", "digest": b"", "cost_n": 1, "cost_r": 1}
                connection.execute(insert(pins), row | {"cost_p": 1, "set_ms": 1, "wrong": 0})

    thread = Thread(target=write)
    thread.start()
    made = backed_up(filled, tmp_path / "backup.zip")
    stop.set()
    thread.join()
    writer.dispose()

    assert made.tables["people_tries"].rows == made.tables["pins"].rows
