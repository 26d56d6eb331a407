"""What only a database can do wrong."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from biometrics import StoreUnavailable, SubjectId
from biometrics.liveness import Fingerprint, Kept, Visit
from biometrics.liveness.sql_fingerprints import SqlFingerprints
from biometrics.storage.database import open_engine

KLAUS = SubjectId("s-klaus-7f3a")
NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
KEPT = Kept(
    digest=b"\x5a" * 32,
    fingerprint=Fingerprint(
        words=np.frombuffer(b"REPLAYED" * 100, np.uint32), is_spoken=np.ones(200, np.bool_)
    ),
    line=None,
    heard_at=NOW,
)


class Locked:
    """A sealing whose keys were destroyed after something was sealed."""

    def row(self, subject: SubjectId) -> str:
        return "row"

    def seal(self, subject: SubjectId, plain: bytes) -> bytes:
        return bytes(len(plain))

    def opener(self, subject: SubjectId) -> Callable[[bytes], bytes | None]:
        return lambda _: None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "voices.db"


def test_a_file_that_is_no_database_is_refused(file: Path) -> None:
    file.write_bytes(b"This is a letter, not a database. " * 100)

    with pytest.raises(StoreUnavailable, match="is no database"):
        SqlFingerprints(f"sqlite:///{file}")


def test_a_table_that_is_gone_is_unavailable(file: Path) -> None:
    store = SqlFingerprints(f"sqlite:///{file}")
    with sqlite3.connect(file) as other:
        other.execute("DROP TABLE voice_fingerprints")
        other.execute("DROP TABLE voice_visits")
    other.close()

    with pytest.raises(StoreUnavailable):
        store.kept(KLAUS)
    with pytest.raises(StoreUnavailable):
        store.keep(KLAUS, KEPT)
    with pytest.raises(StoreUnavailable):
        store.visited(KLAUS, Visit(began_at=NOW, ended_at=NOW))
    with pytest.raises(StoreUnavailable):
        store.forget(KLAUS)


@pytest.mark.parametrize("record", [b"", b"short", b"\xff" * 80])
def test_a_damaged_record_is_unavailable(file: Path, record: bytes) -> None:
    store = SqlFingerprints(f"sqlite:///{file}")
    store.keep(KLAUS, KEPT)
    with sqlite3.connect(file) as other:
        other.execute("UPDATE voice_fingerprints SET record = ?", (record,))
    other.close()

    with pytest.raises(StoreUnavailable, match="is damaged"):
        store.kept(KLAUS)


def test_what_no_key_opens_is_gone(file: Path) -> None:
    store = SqlFingerprints(f"sqlite:///{file}", sealing=Locked())
    store.keep(KLAUS, KEPT)

    assert store.kept(KLAUS) == ()


def test_a_sealed_file_names_nobody_and_shows_nothing(file: Path) -> None:
    SqlFingerprints(f"sqlite:///{file}", sealing=Locked()).keep(KLAUS, KEPT)

    content = file.read_bytes()
    assert KLAUS.encode() not in content
    assert b"REPLAYED" not in content


def test_what_is_forgotten_leaves_the_file(file: Path) -> None:
    store = SqlFingerprints(f"sqlite:///{file}")
    store.keep(KLAUS, KEPT)
    assert b"REPLAYED" in file.read_bytes()

    store.forget(KLAUS)

    assert b"REPLAYED" not in file.read_bytes()


def test_it_shares_an_engine_and_its_tables_are_made_once(file: Path) -> None:
    engine = open_engine(f"sqlite:///{file}")

    SqlFingerprints(engine).keep(KLAUS, KEPT)

    assert len(SqlFingerprints(engine).kept(KLAUS)) == 1
