"""What every keeper of sessions does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics.storage.database import open_engine
from ivr.people.memory_sessions import MemorySessions
from ivr.people.person import PersonId
from ivr.people.session import Session, Sessions
from ivr.people.sql_sessions import SqlSessions

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FIRST = Session(digest=b"1" * 32, person=PersonId("anna"), epoch=3, began_at=NOW, seen_at=NOW)
SECOND = replace(FIRST, digest=b"2" * 32, seen_at=NOW + timedelta(hours=1))
BENS = replace(FIRST, digest=b"3" * 32, person=PersonId("ben"))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    if request.param == "memory":
        yield MemorySessions()
        return
    is_file = request.param == "sqlite"
    address = (
        f"sqlite:///{tmp_path / 'people.db'}" if is_file else request.getfixturevalue("postgres")
    )
    engine = open_engine(address)
    yield SqlSessions(engine)
    engine.dispose()


def test_what_is_not_there_is_neither_found_nor_ended(sessions: Sessions) -> None:
    assert sessions.find(FIRST.digest) is None
    assert not sessions.end(FIRST.digest)
    assert sessions.end_all(FIRST.person) == 0
    sessions.touch(FIRST.digest, NOW)
    assert sessions.find(FIRST.digest) is None


def test_an_ended_one_is_over_and_the_others_go_on(sessions: Sessions) -> None:
    for one in (FIRST, SECOND):
        sessions.open(one)

    assert sessions.end(FIRST.digest)
    assert sessions.find(FIRST.digest) is None
    assert sessions.find(SECOND.digest) == SECOND


def test_all_of_one_person_end_at_once(sessions: Sessions) -> None:
    for one in (FIRST, SECOND, BENS):
        sessions.open(one)

    assert sessions.end_all(FIRST.person) == 2
    assert sessions.find(BENS.digest) == BENS


def test_old_and_idle_ones_are_forgotten(sessions: Sessions) -> None:
    sessions.open(FIRST)
    sessions.open(SECOND)

    assert sessions.expire(began_before=NOW, seen_before=NOW + timedelta(minutes=1)) == 1
    assert sessions.expire(began_before=NOW + timedelta(minutes=1), seen_before=NOW) == 1
    assert sessions.find(SECOND.digest) is None


def test_a_touch_is_a_sign_of_life(sessions: Sessions) -> None:
    sessions.open(FIRST)
    sessions.touch(FIRST.digest, NOW + timedelta(minutes=5))

    assert sessions.find(FIRST.digest) == replace(FIRST, seen_at=NOW + timedelta(minutes=5))
