"""How every keeper of tries slows down who guesses, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics.storage.database import open_engine
from ivr.people.memory_tries import MemoryTries
from ivr.people.sql_tries import SqlTries
from ivr.people.tries import Tries, TryRule, account_key, source_key

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
RULE = TryRule(free=3, longest=timedelta(minutes=1))
KEY = account_key("anna")
FREE = timedelta()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def tries(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tries]:
    if request.param == "memory":
        yield MemoryTries()
        return
    is_file = request.param == "sqlite"
    address = (
        f"sqlite:///{tmp_path / 'people.db'}" if is_file else request.getfixturevalue("postgres")
    )
    engine = open_engine(address)
    yield SqlTries(engine)
    engine.dispose()


def take(tries: Tries, at_s: float) -> float:
    return tries.take(KEY, RULE, NOW + timedelta(seconds=at_s)).total_seconds()


def test_of_many_at_the_same_time_only_the_free_ones_are_let_through(tries: Tries) -> None:
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: take(tries, 0), range(20)))

    assert waits.count(0) == RULE.free


def test_the_wait_doubles_up_to_its_limit(tries: Tries) -> None:
    at, waits = 0.0, []
    for _ in range(11):
        wait = take(tries, at)
        if wait:
            waits.append(wait)
            at += wait
            assert take(tries, at) == 0

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_waiting_is_no_failure(tries: Tries) -> None:
    for _ in range(3):
        take(tries, 0)

    assert [take(tries, 0.5) for _ in range(5)] == [0.5] * 5
    assert take(tries, 1) == 0


def test_what_is_given_back_was_no_failure_and_the_others_stay(tries: Tries) -> None:
    for _ in range(3):
        take(tries, 0)
    tries.give_back(KEY)

    assert take(tries, 0) == 0
    assert take(tries, 0) == 1


def test_a_success_clears_an_account(tries: Tries) -> None:
    for _ in range(3):
        take(tries, 0)
    tries.clear(KEY)

    assert [take(tries, 0) for _ in range(3)] == [0, 0, 0]


def test_after_a_quiet_day_counting_begins_anew(tries: Tries) -> None:
    for _ in range(3):
        take(tries, 0)

    assert [take(tries, 24 * 3_600) for _ in range(3)] == [0, 0, 0]


def test_an_account_and_a_source_of_the_same_name_are_two(tries: Tries) -> None:
    for _ in range(3):
        take(tries, 0)

    assert tries.take(source_key("anna"), RULE, NOW) == FREE


def test_neither_names_nor_addresses_are_kept() -> None:
    assert "192" not in source_key("192.0.2.1")
    assert len(source_key("192.0.2.1")) == 64
