"""Whoever shares the machine does not share the database."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine, reading, writing


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_and_its_journals_are_their_owners_alone(tmp_path: Path, umask: None) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'ü b.db'}")
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE shoes (size INTEGER)"))

    files = {path.name: mode(path) for path in tmp_path.iterdir()}
    engine.dispose()

    assert files == dict.fromkeys(("ü b.db", "ü b.db-shm", "ü b.db-wal"), 0o600)


def test_what_an_operator_has_shared_stays_shared(tmp_path: Path) -> None:
    file = tmp_path / "ours.db"
    file.touch()
    file.chmod(0o640)
    engine = open_engine(f"sqlite:///{file}")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE shoes (size INTEGER)"))
    engine.dispose()

    assert mode(file) == 0o640


def test_a_folder_that_is_missing_is_told_in_words(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'absent' / 'ours.db'}")

    refused = pytest.raises(StoreUnavailable, match="cannot be opened; check its folder")
    with refused, reading(engine):
        pass


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_no_file(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = open_engine(address)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE shoes (size INTEGER)"))
    engine.dispose()

    assert list(tmp_path.iterdir()) == []
