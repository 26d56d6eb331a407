"""What every keeper of shared notes does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.seals import KEY, seal_of
from sqlalchemy import create_engine

from biometrics import StoreUnavailable
from ivr.sharing.memory_notes import MemoryNotes
from ivr.sharing.notes import KEEP, Kind, Notes
from ivr.sharing.sql_notes import SqlNotes

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
LATER = NOON + KEEP[Kind.PROMPT] + timedelta(seconds=1)


@pytest.fixture(params=["memory", "sql"])
def notes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Notes]:
    if request.param == "memory":
        yield MemoryNotes()
        return
    engine = create_engine(f"sqlite:///{tmp_path / 'notes.db'}")
    yield SqlNotes(engine, seal_of(KEY))
    engine.dispose()


def test_what_was_never_noted_is_nothing_and_kinds_do_not_mix(notes: Notes) -> None:
    notes.put(Kind.PROMPT, "a", b"sound", NOON)

    assert notes.find(Kind.PROMPT, "b", NOON) is None
    assert notes.find(Kind.TICKET, "a", NOON) is None
    assert notes.redeem(Kind.TICKET, "a", NOON) is None


def test_what_is_too_old_is_not_told_and_then_forgotten(notes: Notes) -> None:
    notes.put(Kind.PROMPT, "a", b"sound", NOON)

    assert notes.find(Kind.PROMPT, "a", LATER) is None
    assert notes.expire(LATER) == 1
    assert notes.find(Kind.PROMPT, "a", NOON) is None


def test_a_ticket_is_good_for_one(notes: Notes) -> None:
    notes.put(Kind.TICKET, "a", b"call", NOON)

    assert notes.redeem(Kind.TICKET, "a", NOON) == b"call"
    assert notes.redeem(Kind.TICKET, "a", NOON) is None


def test_the_latest_is_found_as_often_as_one_likes(notes: Notes) -> None:
    notes.put(Kind.PROMPT, "a", b"first", NOON)
    notes.put(Kind.PROMPT, "a", b"second", NOON)

    assert [notes.find(Kind.PROMPT, "a", NOON) for _ in range(2)] == [b"second", b"second"]
    assert notes.expire(NOON) == 0


def test_nobody_without_the_key_reads_a_note_or_learns_its_name(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    engine = create_engine(f"sqlite:///{file}")
    SqlNotes(engine, seal_of(KEY)).put(Kind.ANNOUNCED, "c-1", b"+4989123456", NOON)
    engine.dispose()

    assert b"4989123456" not in file.read_bytes()
    other = SqlNotes(engine, seal_of(KEY[::-1].replace(b"k", b"o")))
    assert other.find(Kind.ANNOUNCED, "c-1", NOON) is None
    with_names = SqlNotes(engine, seal_of(KEY))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE shared_notes SET sealed = substr(sealed, 2)")
    with pytest.raises(StoreUnavailable):
        with_names.find(Kind.ANNOUNCED, "c-1", NOON)
    engine.dispose()
