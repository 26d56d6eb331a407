"""What every keeper of presences does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics.storage.database import open_engine, writing
from ivr.people.memory_presences import MemoryPresences
from ivr.people.person import PersonId
from ivr.people.presence import UNSEEN_AFTER, Presence, Presences, Status
from ivr.people.sql_presences import SqlPresences

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANNA = Presence(person=PersonId("anna"), status=Status.AVAILABLE, since=NOW, seen_at=NOW)
BEN = replace(ANNA, person=PersonId("ben"), status=Status.LUNCH)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def presences(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Presences]:
    if request.param == "memory":
        yield MemoryPresences()
        return
    is_file = request.param == "sqlite"
    address = (
        f"sqlite:///{tmp_path / 'people.db'}" if is_file else request.getfixturevalue("postgres")
    )
    engine = open_engine(address)
    yield SqlPresences(engine)
    engine.dispose()


def test_who_never_came_is_not_there(presences: Presences) -> None:
    presences.seen(ANNA.person, NOW)
    presences.gone(ANNA.person)

    assert presences.of(ANNA.person) is None
    assert presences.here(NOW) == ()


def test_who_was_not_seen_for_long_is_away(presences: Presences) -> None:
    presences.put(ANNA)

    assert presences.here(NOW + UNSEEN_AFTER) == ()
    assert presences.here(NOW + UNSEEN_AFTER - timedelta(seconds=1)) == (ANNA,)


def test_a_sign_of_life_changes_nothing_else(presences: Presences) -> None:
    presences.put(BEN)
    presences.put(ANNA)
    later = NOW + timedelta(minutes=5)
    presences.seen(BEN.person, later)

    assert presences.here(later) == (replace(BEN, seen_at=later),)
    assert not BEN.takes_calls


def test_who_signed_out_is_gone(presences: Presences) -> None:
    presences.put(ANNA)
    presences.put(replace(ANNA, status=Status.MEETING))
    assert presences.of(ANNA.person) == replace(ANNA, status=Status.MEETING)
    presences.gone(ANNA.person)

    assert presences.of(ANNA.person) is None


def test_a_status_from_a_later_version_takes_no_calls(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'people.db'}")
    presences = SqlPresences(engine)
    presences.put(ANNA)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE people_presences SET status = 'yoga'")

    found = presences.of(ANNA.person)
    engine.dispose()

    assert found is not None
    assert not found.takes_calls
