"""Whether a database can be written to is tried, and nothing is left behind."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, inspect

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine
from ivr.checkup.sql_probe import probe_writing


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'a.db'}"


def test_a_database_that_may_only_be_read_is_found(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").executescript("CREATE TABLE a (id INTEGER)")

    with pytest.raises(StoreUnavailable, match="may not be written to"):
        probe_writing(open_engine(f"sqlite:///file:{tmp_path}/a.db?mode=ro&uri=true"))


def test_a_database_that_is_none_or_cannot_be_opened_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(os.urandom(4_096))

    with pytest.raises(StoreUnavailable, match="no database"):
        probe_writing(open_engine(address(tmp_path)))
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        probe_writing(open_engine(address(tmp_path / "not" / "there")))


def test_a_full_disk_is_found(tmp_path: Path) -> None:
    """As many pages as it may have."""
    engine = create_engine(address(tmp_path))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER)")

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 2")

    event.listen(engine, "connect", limit)
    engine.dispose()

    with pytest.raises(StoreUnavailable, match="full"):
        probe_writing(engine)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    engine = open_engine(address(tmp_path))

    probe_writing(engine)
    probe_writing(engine)

    assert inspect(engine).get_table_names() == []


def test_a_postgresql_that_may_only_be_read_is_found(postgres: str) -> None:
    read_only = {"options": "-c default_transaction_read_only=on"}
    reads, writes = create_engine(postgres, connect_args=read_only), open_engine(postgres)

    with pytest.raises(StoreUnavailable, match="may only be read"):
        probe_writing(reads)
    probe_writing(writes)
    for engine in (reads, writes):
        engine.dispose()
