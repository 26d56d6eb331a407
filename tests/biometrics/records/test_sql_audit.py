"""What only a database can do wrong, and what somebody who may write to it can do."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from biometrics import (
    AuditEvent,
    AuditKind,
    Broken,
    Intact,
    StoreUnavailable,
    SubjectId,
    read_checkpoint,
    write_checkpoint,
)
from biometrics.records.sql_audit import SqlAudit
from biometrics.storage import database

KEY = b"k" * 32
NOW = datetime(2026, 5, 20, tzinfo=UTC)
EVENT = AuditEvent(kind=AuditKind.READ, at=NOW, actor="service", subject=SubjectId("s-klaus"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trail.db"


@pytest.fixture
def trail(file: Path, monkeypatch: pytest.MonkeyPatch) -> SqlAudit:
    monkeypatch.setattr(database, "_BUSY_S", 0.05)
    opened = SqlAudit(f"sqlite:///{file}", key=KEY)
    for _ in range(5):
        opened.record(EVENT)
    return opened


@pytest.fixture
def tamper(file: Path, trail: SqlAudit) -> Callable[[str], None]:
    """Statements of somebody who has the file and takes the triggers away."""

    def run(statements: str) -> None:
        connection = sqlite3.connect(file)
        connection.executescript(
            "DROP TRIGGER audit_no_UPDATE; DROP TRIGGER audit_no_DELETE;" + statements
        )
        connection.close()

    return run


@pytest.mark.parametrize(
    "statement", ["DELETE FROM audit_entries", "UPDATE audit_entries SET kind = 'x'"]
)
def test_the_trail_may_only_be_added_to(file: Path, trail: SqlAudit, statement: str) -> None:
    connection = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match="only be added to"):
        connection.execute(statement)
    connection.close()

    assert trail.check() == Intact(entries=5)


@pytest.mark.parametrize(
    ("change", "sequence", "reason"),
    [
        ("UPDATE audit_entries SET kind = 'exported' WHERE sequence = 3", 3, "not as it was"),
        ("UPDATE audit_entries SET actor = 'nobody' WHERE sequence = 1", 1, "not as it was"),
        ("UPDATE audit_entries SET subject = '' WHERE sequence = 5", 5, "not as it was"),
        ("UPDATE audit_entries SET at = 'yesterday' WHERE sequence = 2", 2, "not as it was"),
        ("UPDATE audit_entries SET at = '2026-05-20' WHERE sequence = 2", 2, "not as it was"),
        ("UPDATE audit_entries SET details = '[' WHERE sequence = 2", 2, "not as it was"),
        ("UPDATE audit_entries SET digest = 'ff' WHERE sequence = 4", 4, "not as it was"),
        ("UPDATE audit_entries SET previous = 'ff' WHERE sequence = 4", 4, "does not follow"),
        ("DELETE FROM audit_entries WHERE sequence = 2", 2, "an entry is missing"),
        ("DELETE FROM audit_entries WHERE sequence = 1", 1, "an entry is missing"),
        ("DELETE FROM audit_entries WHERE sequence = 5", 5, "end of the trail is missing"),
        ("DELETE FROM audit_entries; DELETE FROM audit_head", 0, ""),
        ("DELETE FROM audit_head", 1, "behind the end"),
        ("UPDATE audit_head SET sequence = 4", 5, "behind the end"),
        ("UPDATE audit_head SET digest = 'ff'", 6, "end of the trail is missing"),
    ],
)
def test_the_first_entry_that_was_changed_is_named(
    trail: SqlAudit, tamper: Callable[[str], None], change: str, sequence: int, reason: str
) -> None:
    tamper(change)

    found = trail.check()
    if not sequence:
        # A trail that is gone altogether looks new; only a checkpoint knows better.
        assert found == Intact(entries=0)
        return
    assert isinstance(found, Broken)
    assert found.sequence == sequence
    assert reason in found.reason


def test_a_trail_that_was_cut_off_cleverly_is_found_by_a_checkpoint(
    trail: SqlAudit, tamper: Callable[[str], None]
) -> None:
    checkpoint = read_checkpoint(write_checkpoint(trail.checkpoint(NOW)))
    tamper(
        "DELETE FROM audit_entries WHERE sequence > 3;"
        "UPDATE audit_head SET sequence = 3,"
        " digest = (SELECT digest FROM audit_entries WHERE sequence = 3);"
    )

    assert trail.check() == Intact(entries=3)
    assert trail.check(checkpoint) == Broken(sequence=4, reason="the end of the trail is missing")


def one_byte_off(text: str) -> Iterator[str]:
    """Each byte in turn has its lowest bit flipped."""
    for place, byte in enumerate(data := text.encode()):
        yield (data[:place] + bytes([byte ^ 1]) + data[place + 1 :]).decode("latin-1")


@pytest.mark.parametrize(
    "column", ["at", "actor", "kind", "subject", "details", "previous", "digest"]
)
def test_one_byte_that_is_another_is_found_wherever_it_is(
    file: Path, trail: SqlAudit, tamper: Callable[[str], None], column: str
) -> None:
    trail.record(AuditEvent(kind=AuditKind.READ, at=NOW, actor="service", details={"why": "x"}))
    tamper("")
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    change = f"UPDATE audit_entries SET {column} = ? WHERE sequence = ?"  # noqa: S608
    every = f"SELECT sequence, {column} FROM audit_entries"  # noqa: S608
    rows = connection.execute(every).fetchall()
    unseen = []
    for sequence, value in (rows[0], rows[-1]):
        for other in one_byte_off(value):
            connection.execute(change, (other, sequence))
            if isinstance(trail.check(), Intact):
                unseen.append((sequence, other))
        connection.execute(change, (value, sequence))
    connection.close()

    assert unseen == []
    assert trail.check() == Intact(entries=6)


def test_one_byte_of_a_checkpoint_that_is_another_is_found(trail: SqlAudit) -> None:
    line = write_checkpoint(trail.checkpoint(NOW)).strip()
    believed = []
    for other in one_byte_off(line):
        try:
            found = trail.check(read_checkpoint(other))
        except ValueError:
            continue
        if isinstance(found, Intact):
            believed.append(other)

    assert believed == []
    assert trail.check(read_checkpoint(line)) == Intact(entries=5)


def test_another_key_cannot_continue_or_vouch_for_the_trail(file: Path, trail: SqlAudit) -> None:
    stranger = SqlAudit(f"sqlite:///{file}", key=b"another key")
    stranger.record(EVENT)

    found = trail.check()
    assert isinstance(found, Broken)
    assert found.sequence == 6
    assert isinstance(stranger.check(), Broken)


def test_a_trail_that_cannot_be_written_says_so(file: Path, trail: SqlAudit) -> None:
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreUnavailable, match="is busy; try again"):
            trail.record(EVENT)
    finally:
        other.rollback()
        other.close()

    trail.record(EVENT)
    assert trail.check() == Intact(entries=6)


def test_the_file_names_no_subject(file: Path, trail: SqlAudit) -> None:
    assert b"voiceprint_read" in file.read_bytes()
    assert b"s-klaus" not in file.read_bytes()


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"sequence": "x"}'])
def test_what_is_no_checkpoint_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json says it in its own words
        read_checkpoint(line)


WRITE = """
import sys
from datetime import UTC, datetime
from biometrics import AuditEvent, AuditKind, SubjectId
from biometrics.records.sql_audit import SqlAudit
trail = SqlAudit(sys.argv[1], key=b"k" * 32)
for _ in range(20):
    trail.record(AuditEvent(
        kind=AuditKind.READ, at=datetime.now(UTC), actor="service", subject=SubjectId("s-1")))
"""


def test_processes_write_one_chain(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'shared.db'}"
    trail = SqlAudit(address, key=KEY)

    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, address])  # noqa: S603 - our own code
        for _ in range(3)
    ]

    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert trail.check() == Intact(entries=60)
