"""What only a database can do wrong."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine

from biometrics import OptedOut, StoreUnavailable, SubjectId, Voiceprint
from biometrics import sql_store as module
from biometrics.sql_store import SqlStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "voices.db"


@pytest.fixture
def store(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    monkeypatch.setattr(module, "_BUSY_S", 0.05)
    opened = SqlStore(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.mark.parametrize("address", ["", "nonsense", "sqlite", "nosuchdatabase://x"])
def test_an_address_that_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(StoreUnavailable, match="address cannot be used"):
        SqlStore(address)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened; check its folder"):
        SqlStore(f"sqlite:///{tmp_path / 'absent' / 'voices.db'}")


def test_a_file_that_is_no_database_is_refused(file: Path) -> None:
    file.write_bytes(b"This is a letter, not a database. " * 100)

    with pytest.raises(StoreUnavailable, match="is no database"):
        SqlStore(f"sqlite:///{file}")


def test_a_locked_database_is_unavailable_and_then_serves_again(
    store: SqlStore, file: Path, voiceprint: Voiceprint
) -> None:
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreUnavailable, match="is busy; try again"):
            store.put(voiceprint)
        with pytest.raises(StoreUnavailable, match="is busy; try again"):
            store.get(voiceprint.subject)
    finally:
        other.rollback()
        other.close()

    store.put(voiceprint)
    assert isinstance(store.get(voiceprint.subject), Voiceprint)


def test_waiting_for_a_lock_is_bounded_to_two_seconds() -> None:
    assert module._BUSY_S == 2


def test_a_database_that_may_only_be_read_still_answers(
    store: SqlStore, file: Path, voiceprint: Voiceprint
) -> None:
    store.put(voiceprint)
    readonly = SqlStore(create_engine(f"sqlite:///file:{file}?mode=ro&uri=true"))
    try:
        with pytest.raises(StoreUnavailable, match="may not be written to"):
            readonly.opt_out(voiceprint.subject)
        assert isinstance(readonly.get(voiceprint.subject), Voiceprint)
    finally:
        readonly.close()


def test_a_full_disk_changes_nothing(store: SqlStore, voiceprint: Voiceprint) -> None:
    store.put(voiceprint)
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    big = SubjectId("s" * 100_000)

    with pytest.raises(StoreUnavailable, match="disk of the voiceprint store is full"):
        store.opt_out(big)
    assert store.get(big) is None
    assert isinstance(store.get(voiceprint.subject), Voiceprint)


@pytest.mark.parametrize("damage", [b"abc", b"", np.full(2, np.nan, "<f4").tobytes(), None])
def test_a_damaged_vector_is_not_used(
    store: SqlStore, file: Path, voiceprint: Voiceprint, damage: bytes | None
) -> None:
    store.put(voiceprint)
    with sqlite3.connect(file) as other:
        other.execute("UPDATE voiceprints SET vector = ?", (damage,))
    other.close()

    with pytest.raises(StoreUnavailable, match="is damaged; enrol the voice again"):
        store.get(voiceprint.subject)


@pytest.mark.parametrize("erase", [SqlStore.opt_out, SqlStore.remove])
def test_an_erased_voice_leaves_no_bytes_in_the_file(
    store: SqlStore, file: Path, voiceprint: Voiceprint, erase: object
) -> None:
    store.put(voiceprint)
    vector = voiceprint.vector.tobytes()
    assert vector in file.read_bytes()

    erase(store, voiceprint.subject)  # type: ignore[operator]

    assert vector not in file.read_bytes()


def test_two_stores_share_one_database(store: SqlStore, file: Path, voiceprint: Voiceprint) -> None:
    second = SqlStore(f"sqlite:///{file}")
    try:
        store.put(voiceprint)
        assert isinstance(second.get(voiceprint.subject), Voiceprint)
        second.opt_out(voiceprint.subject)
        assert store.get(voiceprint.subject) == OptedOut(subject=voiceprint.subject)
    finally:
        second.close()


def test_a_database_in_memory_serves() -> None:
    store = SqlStore("sqlite://")
    try:
        store.opt_out(SubjectId("s-1"))
        assert store.get(SubjectId("s-1")) == OptedOut(subject=SubjectId("s-1"))
    finally:
        store.close()
