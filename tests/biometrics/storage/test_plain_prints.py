"""Databases of the version before, which kept voiceprints as they are."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes.vaults import vault_in
from sqlalchemy import create_engine

from biometrics import OptedOut, StoreUnavailable, SubjectId, Voiceprint
from biometrics.storage.sql_store import SqlStore
from biometrics.vault.vault import Vault

VECTOR = np.random.default_rng(7).normal(size=192).astype("<f4")

OLD = """
CREATE TABLE voiceprints (
    subject VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    encoder VARCHAR,
    vector BLOB,
    net_speech_ms INTEGER,
    recordings INTEGER,
    enrolled_at DATETIME,
    PRIMARY KEY (subject)
)
"""


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return vault_in(tmp_path)


def old_database(folder: Path, *, journal: str = "delete", prints: int = 1) -> Path:
    """A file as the version before wrote it, with a table of somebody else's."""
    file = folder / "rufwerk.db"
    database = sqlite3.connect(file)
    database.execute(f"PRAGMA journal_mode = {journal}")
    database.execute("PRAGMA secure_delete = OFF")
    database.execute(OLD)
    database.execute("CREATE TABLE customers (name TEXT)")
    database.execute("INSERT INTO customers VALUES ('Klaus')")
    insert = "INSERT INTO voiceprints VALUES (?, ?, ?, ?, ?, ?, ?)"
    for n in range(1, prints + 1):
        at = "2026-05-20 12:00:00.123456"
        row = (f"s-{n}", "enrolled", "pattern-0", VECTOR.tobytes(), 12_000, 3, at)
        database.execute(insert, row)
    database.execute(insert, ("s-refused", "opted_out", None, None, None, None, None))
    damaged = ("s-damaged", "enrolled", "pattern-0", b"abc", 12_000, 3, "2026-05-20 12:00:00")
    database.execute(insert, damaged)
    database.commit()
    database.close()
    assert VECTOR.tobytes() in everything_in(folder)
    return file


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def tables(file: Path) -> set[str]:
    database = sqlite3.connect(file)
    found = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    return found


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_plain_prints_are_sealed_in_place_and_leave_no_bytes(
    tmp_path: Path, vault: Vault, journal: str
) -> None:
    file = old_database(tmp_path, journal=journal)
    store = SqlStore(f"sqlite:///{file}", vault)

    left = everything_in(tmp_path)
    store.close()

    assert [secret for secret in (VECTOR.tobytes(), b"s-1", b"s-refused") if secret in left] == []
    assert b"Klaus" in left
    assert "voiceprints" not in tables(file)


def test_what_was_sealed_is_what_was_kept(tmp_path: Path, vault: Vault) -> None:
    store = SqlStore(f"sqlite:///{old_database(tmp_path)}", vault)
    found = store.get(SubjectId("s-1"))
    assert isinstance(found, Voiceprint)

    assert (found.encoder, found.weights_sha256, found.net_speech_ms) == ("pattern-0", "", 12_000)
    assert found.enrolled_at == datetime(2026, 5, 20, 12, 0, 0, 123_456, tzinfo=UTC)
    assert found.vector.tolist() == VECTOR.tolist()
    assert store.get(SubjectId("s-refused")) == OptedOut(subject=SubjectId("s-refused"))
    assert store.get(SubjectId("s-damaged")) is None
    store.close()


def test_many_prints_are_sealed_in_portions(
    tmp_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biometrics.storage.plain_prints._AT_A_TIME", 3)
    store = SqlStore(f"sqlite:///{old_database(tmp_path, prints=8)}", vault)

    found = [store.get(SubjectId(f"s-{n}")) for n in range(1, 9)]
    store.close()

    assert [isinstance(it, Voiceprint) for it in found] == [True] * 8


def test_sealing_that_was_interrupted_is_finished(tmp_path: Path, vault: Vault) -> None:
    file = old_database(tmp_path, prints=3)
    readonly = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(StoreUnavailable):
        SqlStore(readonly, vault)
    readonly.dispose()
    assert "voiceprints" in tables(file)

    store = SqlStore(f"sqlite:///{file}", vault)
    assert isinstance(store.get(SubjectId("s-3")), Voiceprint)
    store.close()
    assert "voiceprints" not in tables(file)


def test_an_engine_that_overwrites_nothing_leaves_no_bytes_either(
    tmp_path: Path, vault: Vault
) -> None:
    file = old_database(tmp_path)
    engine = create_engine(f"sqlite:///{file}")
    SqlStore(engine, vault).close()

    assert VECTOR.tobytes() not in everything_in(tmp_path)
