"""What every book of remarks does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from biometrics import StoreUnavailable
from ivr.handover.memory_remarks import MemoryRemarks
from ivr.handover.remarks import Note, RemarkBook, Remarks
from ivr.handover.sql_remarks import SqlRemarks
from ivr.wiring.vault_seal import VaultSeal

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SEAL = VaultSeal(key=b"k" * 32)
CALL, OTHER = "a" * 64, "b" * 64
SAID = Remarks(
    is_somebody_else=True, notes=(Note(by="anna", at=NOW, text="Möchte einen Gangplatz."),)
)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RemarkBook]:
    if request.param == "memory":
        yield MemoryRemarks(keep=DAY)
        return
    is_file = request.param == "sqlite"
    address = (
        f"sqlite:///{tmp_path / 'remarks.db'}" if is_file else request.getfixturevalue("postgres")
    )
    engine = create_engine(address)
    yield SqlRemarks(engine, SEAL, keep=DAY)
    engine.dispose()


def test_where_nothing_was_said_nothing_is_found(book: RemarkBook) -> None:
    book.put(OTHER, SAID, NOW)

    assert book.find(CALL, NOW) == Remarks()
    assert book.expire(NOW) == 0


def test_what_was_said_too_long_ago_is_not_found(book: RemarkBook) -> None:
    book.put(CALL, SAID, NOW)

    assert book.find(CALL, NOW + DAY) == SAID
    assert book.find(CALL, NOW + DAY + timedelta(seconds=1)) == Remarks()
    assert book.expire(NOW + DAY + timedelta(seconds=1)) == 1


def test_the_last_word_stands(book: RemarkBook) -> None:
    book.put(CALL, SAID, NOW)
    book.put(CALL, replace(SAID, is_somebody_else=False), NOW)

    assert book.find(CALL, NOW) == replace(SAID, is_somebody_else=False)


def test_the_words_are_not_in_the_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'remarks.db'}")
    SqlRemarks(engine, SEAL, keep=DAY).put(CALL, SAID, NOW)
    engine.dispose()

    assert b"Gangplatz" not in (tmp_path / "remarks.db").read_bytes()


def test_words_that_were_moved_to_another_call_do_not_open(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'remarks.db'}")
    book = SqlRemarks(engine, SEAL, keep=DAY)
    book.put(CALL, SAID, NOW)
    with engine.begin() as connection:
        connection.execute(text("UPDATE handover_remarks SET token = :other"), {"other": OTHER})

    with pytest.raises(StoreUnavailable):
        book.find(OTHER, NOW)
    engine.dispose()
