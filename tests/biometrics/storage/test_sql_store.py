"""What only a database can do wrong."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes.vaults import vault_in
from sqlalchemy import create_engine

from biometrics import KeysUnavailable, OptedOut, StoreUnavailable, SubjectId, Voiceprint
from biometrics.storage import database
from biometrics.storage.sql_store import SqlStore
from biometrics.vault.cipher import new_key
from biometrics.vault.key_file import FileKeys
from biometrics.vault.master_keys import GivenKeys
from biometrics.vault.sql_register import SqlRegister
from biometrics.vault.vault import Vault

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "voices.db"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setattr(database, "_BUSY_S", 0.05)
    return vault_in(tmp_path)


@pytest.fixture
def store(file: Path, vault: Vault) -> Iterator[SqlStore]:
    opened = SqlStore(f"sqlite:///{file}", vault)
    yield opened
    opened.close()


@pytest.mark.parametrize("address", ["", "nonsense", "sqlite", "nosuchdatabase://x"])
def test_an_address_that_cannot_be_used_is_refused(address: str, vault: Vault) -> None:
    with pytest.raises(StoreUnavailable, match="address cannot be used"):
        SqlStore(address, vault)


def test_a_missing_folder_is_refused(tmp_path: Path, vault: Vault) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened; check its folder"):
        SqlStore(f"sqlite:///{tmp_path / 'absent' / 'voices.db'}", vault)


def test_a_file_that_is_no_database_is_refused(file: Path, vault: Vault) -> None:
    file.write_bytes(b"This is a letter, not a database. " * 100)

    with pytest.raises(StoreUnavailable, match="is no database"):
        SqlStore(f"sqlite:///{file}", vault)


@pytest.mark.parametrize("which", ["voices.db", "keys.db"])
def test_a_locked_database_is_unavailable_and_then_serves_again(
    store: SqlStore, tmp_path: Path, voiceprint: Voiceprint, which: str
) -> None:
    other = sqlite3.connect(tmp_path / which)
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
    assert database._BUSY_S == 2


def test_a_database_that_may_only_be_read_still_answers(
    store: SqlStore, file: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    store.put(voiceprint)
    readonly = SqlStore(create_engine(f"sqlite:///file:{file}?mode=ro&uri=true"), vault)
    try:
        with pytest.raises(StoreUnavailable, match="may not be written to"):
            readonly.put(voiceprint)
        assert isinstance(readonly.get(voiceprint.subject), Voiceprint)
    finally:
        readonly.close()


def test_what_is_erased_from_a_database_that_may_only_be_read_cannot_be_read(
    store: SqlStore, file: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    """The key goes first, and needs nothing of the database."""
    store.put(voiceprint)
    readonly = SqlStore(create_engine(f"sqlite:///file:{file}?mode=ro&uri=true"), vault)
    with pytest.raises(StoreUnavailable, match="may not be written to"):
        readonly.erase(voiceprint.subject, at=NOW)
    readonly.close()

    assert store.get(voiceprint.subject) is None
    receipt = store.erase(voiceprint.subject, at=NOW)
    assert receipt.what == ("voiceprint", "key")
    assert receipt.key_fingerprint


def test_a_full_disk_changes_nothing(store: SqlStore, voiceprint: Voiceprint) -> None:
    store.put(voiceprint)
    with store._rows.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    big = replace(voiceprint, vector=np.ones(2_000, dtype=np.float32))

    with pytest.raises(StoreUnavailable, match="disk of the database is full"):
        store.put(big)
    found = store.get(voiceprint.subject)
    assert isinstance(found, Voiceprint)
    assert found.vector == pytest.approx(voiceprint.vector, abs=1e-12)


@pytest.mark.parametrize(
    "damage",
    [
        "sealed = x'616263'",
        "sealed = x''",
        "sealed = 'text'",
        "sealed = substr(sealed, 1, length(sealed) - 1)",
        "sealed = substr(sealed, 1, 20)",
        "sealed = CAST(substr(sealed, 1, 40) || x'0000000000' || substr(sealed, 46) AS BLOB)",
        "sealed = CAST(x'02' || substr(sealed, 2) AS BLOB)",
    ],
)
def test_a_record_that_was_changed_is_never_a_print(
    store: SqlStore, file: Path, voiceprint: Voiceprint, damage: str
) -> None:
    store.put(voiceprint)
    run(file, f"UPDATE sealed_voiceprints SET {damage}")  # noqa: S608 - the test's own words

    with pytest.raises(StoreUnavailable, match="damaged; enrol the voice again"):
        store.get(voiceprint.subject)


def test_a_record_in_the_row_of_somebody_else_is_never_a_print(
    store: SqlStore, file: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    thief = replace(voiceprint, subject=SubjectId("s-thief"))
    store.put(thief)
    store.put(voiceprint)
    rows = vault.row(thief.subject), vault.row(voiceprint.subject)
    run(file, "DELETE FROM sealed_voiceprints WHERE row = ?", rows[1])
    run(file, "UPDATE sealed_voiceprints SET row = ? WHERE row = ?", rows[1], rows[0])

    with pytest.raises(StoreUnavailable, match="enrol the voice again"):
        store.get(voiceprint.subject)


def test_neither_is_it_when_the_key_moves_along(
    store: SqlStore, file: Path, tmp_path: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    thief = replace(voiceprint, subject=SubjectId("s-thief"))
    store.put(thief)
    store.put(voiceprint)
    rows = vault.row(thief.subject), vault.row(voiceprint.subject)
    run(file, "DELETE FROM sealed_voiceprints WHERE row = ?", rows[1])
    run(file, "UPDATE sealed_voiceprints SET row = ? WHERE row = ?", rows[1], rows[0])
    run(tmp_path / "keys.db", "DELETE FROM voice_keys WHERE row = ?", rows[1])
    run(tmp_path / "keys.db", "UPDATE voice_keys SET row = ? WHERE row = ?", rows[1], rows[0])

    with pytest.raises(StoreUnavailable, match="enrol the voice again"):
        store.get(voiceprint.subject)


def test_a_record_without_its_key_is_never_a_print_and_can_be_enrolled_again(
    store: SqlStore, tmp_path: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    store.put(voiceprint)
    run(tmp_path / "keys.db", "DELETE FROM voice_keys WHERE row = ?", vault.row(voiceprint.subject))

    with pytest.raises(StoreUnavailable, match="has no key; enrol the voice again"):
        store.get(voiceprint.subject)
    store.put(voiceprint)
    assert isinstance(store.get(voiceprint.subject), Voiceprint)


@pytest.mark.parametrize("erase", ["erase", "opt_out", "remove"])
def test_a_backup_from_before_an_erasure_opens_to_nobody(
    store: SqlStore, file: Path, vault: Vault, voiceprint: Voiceprint, erase: str
) -> None:
    store.put(voiceprint)
    shutil.copy(file, file.with_name("backup.db"))
    if erase == "erase":
        store.erase(voiceprint.subject, at=NOW)
    else:
        getattr(store, erase)(voiceprint.subject)

    restored = SqlStore(f"sqlite:///{file.with_name('backup.db')}", vault)
    try:
        assert restored._rows.find(vault.row(voiceprint.subject)) is not None
        assert not isinstance(restored.get(voiceprint.subject), Voiceprint)
        assert not restored.revert(voiceprint.subject)
        assert not restored.revoke(voiceprint.subject)
    finally:
        restored.close()


def test_a_refusal_outlives_the_return_of_an_old_backup(
    store: SqlStore, file: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    store.put(voiceprint)
    shutil.copy(file, file.with_name("backup.db"))
    store.opt_out(voiceprint.subject)

    restored = SqlStore(f"sqlite:///{file.with_name('backup.db')}", vault)
    assert restored.get(voiceprint.subject) == OptedOut(subject=voiceprint.subject)
    restored.close()


def test_the_keys_of_before_a_revocation_open_nothing_after_it(
    store: SqlStore, tmp_path: Path, voiceprint: Voiceprint
) -> None:
    masters = GivenKeys((new_key(),))
    store = SqlStore(f"sqlite:///{tmp_path / 'own.db'}", vault_on(tmp_path / "old.db", masters))
    store.put(voiceprint)
    store.close()
    shutil.copy(tmp_path / "old.db", tmp_path / "stolen.db")
    store = SqlStore(f"sqlite:///{tmp_path / 'own.db'}", vault_on(tmp_path / "old.db", masters))
    assert store.revoke(voiceprint.subject)
    store.close()

    thief = SqlStore(f"sqlite:///{tmp_path / 'own.db'}", vault_on(tmp_path / "stolen.db", masters))
    with pytest.raises(StoreUnavailable, match="enrol the voice again"):
        thief.get(voiceprint.subject)
    thief.close()


def test_a_revocation_that_was_interrupted_loses_nothing_and_is_finished(
    store: SqlStore, vault: Vault, voiceprint: Voiceprint
) -> None:
    store.put(voiceprint)
    opened = vault.add_next(voiceprint.subject)
    assert opened is not None
    assert len(opened.keys) == 2
    assert isinstance(store.get(voiceprint.subject), Voiceprint)

    store.put(replace(voiceprint, recordings=7))
    assert store.revoke(voiceprint.subject)
    found = store.get(voiceprint.subject)
    assert isinstance(found, Voiceprint)
    assert found.recordings == 7
    after = vault.find(voiceprint.subject)
    assert getattr(after, "keys", None) == opened.keys[:1]
    assert store.revert(voiceprint.subject)


@pytest.mark.parametrize("lost", ["keys.db", "master.key"])
def test_keys_that_are_lost_are_never_made_anew(
    file: Path, tmp_path: Path, voiceprint: Voiceprint, lost: str
) -> None:
    masters = FileKeys(tmp_path / "master.key")
    store = SqlStore(f"sqlite:///{file}", vault_on(tmp_path / "keys.db", masters))
    store.put(voiceprint)
    store.close()
    (tmp_path / lost).unlink()
    again = vault_on(tmp_path / "keys.db", FileKeys(tmp_path / "master.key"))

    with pytest.raises(KeysUnavailable, match=r"No new key is made|no new key is made"):
        SqlStore(f"sqlite:///{file}", again)
    assert not (tmp_path / "master.key").exists() or lost == "keys.db"


def test_the_keys_of_another_database_are_refused(
    file: Path, tmp_path: Path, store: SqlStore
) -> None:
    masters = GivenKeys((new_key(),))
    other = vault_on(tmp_path / "other.db", masters)
    SqlStore(f"sqlite:///{tmp_path / 'elsewhere.db'}", other).close()

    with pytest.raises(KeysUnavailable, match="sealed with keys of another key database"):
        SqlStore(f"sqlite:///{file}", other)


def test_another_master_key_is_refused(file: Path, tmp_path: Path, store: SqlStore) -> None:
    with pytest.raises(KeysUnavailable, match="Give the key that belongs to these data"):
        SqlStore(f"sqlite:///{file}", vault_in(tmp_path))


def test_a_key_database_that_goes_away_shuts_the_door(
    store: SqlStore, tmp_path: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    store.put(voiceprint)
    assert isinstance(vault._register, SqlRegister)
    vault._register.close()
    (tmp_path / "keys.db").write_bytes(b"no database " * 1000)

    for work in (store.get, store.opt_out, store.remove, store.revert, store.revoke):
        with pytest.raises(StoreUnavailable):
            work(voiceprint.subject)
    with pytest.raises(StoreUnavailable):
        store.put(voiceprint)
    with pytest.raises(StoreUnavailable):
        store.erase(voiceprint.subject, at=NOW)


def test_a_master_key_that_goes_away_shuts_the_door(
    file: Path, tmp_path: Path, voiceprint: Voiceprint
) -> None:
    masters = FileKeys(tmp_path / "master.key")
    store = SqlStore(f"sqlite:///{file}", vault_on(tmp_path / "keys.db", masters))
    store.put(voiceprint)
    (tmp_path / "master.key").unlink()

    with pytest.raises(KeysUnavailable):
        store.get(voiceprint.subject)
    assert store.erase(voiceprint.subject, at=NOW).what == ("voiceprint", "key")
    store.close()


def test_two_stores_share_one_database(
    store: SqlStore, file: Path, vault: Vault, voiceprint: Voiceprint
) -> None:
    second = SqlStore(f"sqlite:///{file}", vault)
    try:
        store.put(voiceprint)
        assert isinstance(second.get(voiceprint.subject), Voiceprint)
        second.opt_out(voiceprint.subject)
        assert store.get(voiceprint.subject) == OptedOut(subject=voiceprint.subject)
    finally:
        second.close()


def test_a_database_in_memory_serves(vault: Vault) -> None:
    store = SqlStore("sqlite://", vault)
    try:
        store.opt_out(SubjectId("s-1"))
        assert store.get(SubjectId("s-1")) == OptedOut(subject=SubjectId("s-1"))
    finally:
        store.close()


def vault_on(file: Path, masters: GivenKeys | FileKeys) -> Vault:
    return Vault(masters, SqlRegister(f"sqlite:///{file}"))


def run(file: Path, statement: str, *values: str) -> None:
    other = sqlite3.connect(file)
    with other:
        other.execute(statement, values)
    other.close()
