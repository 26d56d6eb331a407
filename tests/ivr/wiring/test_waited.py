"""What became of callers who waited comes to the journal; on real databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics.storage.database import open_engine
from ivr.call import CallId, Language
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.journal.sql_journal import SqlJournal
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, digest
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.wiring.waited import Waited

NOW = datetime(2026, 11, 26, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PERSON = AgentId("maria")


def entry(name: str) -> Entry:
    return Entry(
        id=EntryId(name),
        call_id=CallId(name),
        token=ContextToken(f"token-{name}"),
        queue="agents",
        language=Language.GERMAN,
        priority=50,
        reasons=(),
        joined_at=NOW,
    )


def record(name: str) -> CallRecord:
    return CallRecord(
        id=RecordId(name),
        token=digest(ContextToken(f"token-{name}")),
        began_at=NOW - MINUTE,
        ended_at=NOW,
        business="airline",
        gateway="rest",
        language="de",
        turns=2,
        unheard=0,
        not_understood=0,
        intents=("refund",),
        outcome=Outcome.HANDED_OVER,
    )


class Desk:
    """Both databases."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'both.db'}")
        self.room = SqlWaitingRoom(self.engine)
        self.journal = SqlJournal(self.engine)
        self.waited = Waited(journal=lambda: self.journal, room=lambda: self.room)

    def joins(self, name: str) -> None:
        self.room.join(entry(name))
        self.journal.write(record(name))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.engine.dispose()


def test_nothing_is_told_of_who_still_waits_or_is_served(desk: Desk) -> None:
    desk.joins("waits")
    desk.joins("talks")
    desk.room.claim(EntryId("talks"), PERSON, NOW + MINUTE)

    assert desk.waited.tell(NOW + 2 * MINUTE) == 0
    assert desk.journal.find(RecordId("waits")) == record("waits")
    assert desk.journal.find(RecordId("talks")) == record("talks")


def test_who_leaves_is_abandoned(desk: Desk) -> None:
    desk.joins("left")
    desk.room.leave(ContextToken("token-left"), NOW + MINUTE)

    assert desk.waited.tell(NOW + 2 * MINUTE) == 1
    assert desk.journal.find(RecordId("left")) == replace(
        record("left"), waited_ms=60_000, is_abandoned=True
    )


def test_who_was_served_waited_until_somebody_took_the_call(desk: Desk) -> None:
    desk.joins("served")
    desk.room.claim(EntryId("served"), PERSON, NOW + MINUTE)
    desk.room.finish(EntryId("served"), PERSON, NOW + 4 * MINUTE)

    desk.waited.tell(NOW + 5 * MINUTE)

    assert desk.journal.find(RecordId("served")) == replace(
        record("served"), waited_ms=60_000, handled_ms=180_000
    )


def test_a_call_that_is_written_down_a_little_late_is_found_the_next_time(desk: Desk) -> None:
    desk.room.join(entry("late"))
    desk.room.leave(ContextToken("token-late"), NOW + MINUTE)
    desk.waited.tell(NOW + MINUTE)
    desk.journal.write(record("late"))

    desk.waited.tell(NOW + 2 * MINUTE)

    found = desk.journal.find(RecordId("late"))
    assert found is not None
    assert found.is_abandoned


def test_what_was_told_is_not_told_for_ever(desk: Desk) -> None:
    desk.joins("left")
    desk.room.leave(ContextToken("token-left"), NOW + MINUTE)
    desk.waited.tell(NOW + 2 * MINUTE)

    assert desk.waited.tell(NOW + 30 * MINUTE) == 1, "the overlap"
    assert desk.waited.tell(NOW + 60 * MINUTE) == 0
