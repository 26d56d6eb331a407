"""What every keeper of accounts does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine, writing
from ivr.call import Language
from ivr.people.account import Account, People, switched, with_hash, with_role
from ivr.people.memory_people import MemoryPeople
from ivr.people.person import May, Person, PersonId, Role
from ivr.people.sql_people import SqlPeople

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANNA = Account(
    person=Person(
        id=PersonId("anna"),
        name="Anna Beck",
        role=Role.AGENT,
        language=Language.ENGLISH,
        queues=frozenset({"seniors", "agents"}),
        languages=frozenset({Language.GERMAN}),
        skills=frozenset({"cards"}),
    ),
    hashed="$argon2id$x",
    made_at=NOW,
)
BEN = Account(
    person=Person(id=PersonId("ben"), name="Ben", role=Role.ADMIN), hashed="y", made_at=NOW
)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def people(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[People]:
    if request.param == "memory":
        yield MemoryPeople()
        return
    is_file = request.param == "sqlite"
    address = (
        f"sqlite:///{tmp_path / 'people.db'}" if is_file else request.getfixturevalue("postgres")
    )
    engine = open_engine(address)
    yield SqlPeople(engine)
    engine.dispose()


def test_where_nobody_is_nobody_is_found_or_changed(people: People) -> None:
    assert people.all() == ()
    assert people.find(ANNA.id) is None
    assert not people.change(ANNA)
    assert people.all() == ()


def test_an_id_is_there_once(people: People) -> None:
    assert people.add(ANNA)

    assert not people.add(replace(BEN, person=replace(BEN.person, id=ANNA.id)))
    assert people.all() == (ANNA,)


def test_whoever_saw_another_version_changes_nothing(people: People) -> None:
    people.add(ANNA)
    people.change(with_role(ANNA, Role.SUPERVISOR))

    assert not people.change(switched(ANNA, is_active=False))
    assert people.find(ANNA.id) == replace(with_role(ANNA, Role.SUPERVISOR), version=1)


def test_what_was_added_is_found_as_it_was(people: People) -> None:
    people.add(BEN)
    people.add(ANNA)

    assert people.find(ANNA.id) == ANNA
    assert people.all() == (ANNA, BEN)


@pytest.mark.parametrize(
    "changed",
    [
        with_role(ANNA, Role.PRIVACY),
        with_hash(ANNA, "$argon2id$z"),
        switched(ANNA, is_active=False),
    ],
)
def test_what_ends_sessions_makes_another_epoch(people: People, changed: Account) -> None:
    people.add(ANNA)

    assert people.change(changed)
    assert people.find(ANNA.id) == replace(changed, version=1)
    assert changed.epoch == ANNA.epoch + 1


def test_of_many_that_change_at_once_one_does(people: People) -> None:
    people.add(ANNA)
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: people.change(with_hash(ANNA, "z")), range(16)))

    assert done.count(True) == 1


def test_a_role_from_a_later_version_opens_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'people.db'}")
    people = SqlPeople(engine)
    people.add(ANNA)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE people SET role = 'overlord'")

    found = people.find(ANNA.id)
    engine.dispose()

    assert found is not None
    assert [what for what in May if found.person.may(what)] == []


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    people = SqlPeople(f"sqlite:///{tmp_path / 'nowhere' / 'people.db'}")

    with pytest.raises(StoreUnavailable):
        people.find(ANNA.id)
