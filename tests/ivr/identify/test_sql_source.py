"""A database of customers, on its bad days."""

import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from biometrics.storage.database import open_engine
from ivr.errors import BadSources
from ivr.identify.described import SqlSource as Described
from ivr.identify.fact import Answer, Failed, Nobody, Told, Why
from ivr.identify.sql_source import SqlSource

QUERY = "SELECT tier FROM people WHERE phone = :number"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "crm.db")) as database:
        database.executescript(
            "CREATE TABLE people (phone TEXT, id TEXT, tier TEXT);"
            "INSERT INTO people VALUES ('+49891', 'C-1', 'vip'), ('+49892', 'C-2', 'vip'),"
            " ('+49892', 'C-3', 'gold');"
        )
    return tmp_path / "crm.db"


def ask(database: str, key: str = "+49891", **fields: Any) -> Answer:
    given = {"kind": "sql", "database": database, "query": QUERY, "facts": {"tier": "tier"}}
    described = Described.model_validate(given | fields)
    source = SqlSource("crm", described, database=database, clock=monotonic)
    try:
        return source.ask(key)
    finally:
        source.close()


@pytest.mark.parametrize("database", ["no address", "nodb://x/y", "sqlite://"])
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(database: str) -> None:
    with pytest.raises(BadSources, match="source crm has an address") as refusal:
        ask(database)

    assert database not in refusal.value.sentence


def test_a_file_that_is_not_there_is_down_and_is_not_made(tmp_path: Path) -> None:
    assert ask(f"sqlite:///{tmp_path / 'none.db'}") == Failed(why=Why.DOWN)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_fails(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_bytes(b"no database " * 1_000)

    answer = ask(f"sqlite:///{tmp_path / 'crm.db'}")

    assert answer in (Failed(why=Why.FAILED), Failed(why=Why.DOWN))


def test_a_table_that_is_not_there_fails(file: Path) -> None:
    answer = ask(f"sqlite:///{file}", query="SELECT tier FROM nothing WHERE phone = :number")

    assert answer == Failed(why=Why.FAILED)


def test_a_query_that_takes_too_long_is_stopped(file: Path) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT max(i) AS tier FROM n WHERE i <> :number"
    )
    begun = monotonic()

    assert ask(f"sqlite:///{file}", query=endless, timeout_ms=100) == Failed(why=Why.TIMED_OUT)
    assert monotonic() - begun < 5


def test_nothing_can_be_written(file: Path) -> None:
    writing = "WITH one AS (SELECT :number) INSERT INTO people SELECT '+1', '1', 'x' FROM one"

    assert ask(f"sqlite:///{file}", query=writing) == Failed(why=Why.FAILED)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM people").fetchone() == (3,)


def test_of_two_customers_nobody_is_chosen(file: Path) -> None:
    assert ask(f"sqlite:///{file}", "+49892") == Failed(why=Why.AMBIGUOUS)


@pytest.mark.parametrize("key", ["+49893", "' OR 1=1 --", "%"])
def test_what_is_asked_by_is_a_value_and_no_sql(file: Path, key: str) -> None:
    assert ask(f"sqlite:///{file}", key) == Nobody()


def test_a_customer_is_found_by_id(file: Path) -> None:
    answer = ask(f"sqlite:///{file}", "C-3", query="SELECT * FROM people WHERE id = :customer_id")

    assert isinstance(answer, Told)
    assert [one.value for one in answer.facts] == ["gold"]


def test_postgresql_stops_what_takes_too_long_and_writes_nothing(postgres: str) -> None:
    slow = "SELECT 'vip' AS tier FROM pg_sleep(5) WHERE 'x' <> :number"
    begun = monotonic()
    assert ask(postgres, query=slow, timeout_ms=100) == Failed(why=Why.TIMED_OUT)
    assert monotonic() - begun < 4

    writing = "SELECT nextval('counted')::text AS tier WHERE 'x' <> :number"
    engine = open_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE counted")
    engine.dispose()
    assert ask(postgres, query=writing) == Failed(why=Why.FAILED)


def test_of_everybody_only_the_first_are_read(postgres: str) -> None:
    everybody = "SELECT generate_series(1, 100000000)::text AS tier WHERE 'x' <> :number"

    assert ask(postgres, query=everybody, timeout_ms=5_000) == Failed(why=Why.AMBIGUOUS)


def test_postgresql_that_cannot_be_reached_is_down(postgres: str) -> None:
    gone = postgres.replace("host=", "host=%2Fnowhere")

    assert ask(gone, timeout_ms=500) == Failed(why=Why.DOWN)


def test_postgresql_that_went_away_between_calls_is_asked_anew(postgres: str) -> None:
    query = "SELECT 'vip' AS tier WHERE 'x' <> :number"
    described = Described.model_validate(
        {"kind": "sql", "database": postgres, "query": query, "facts": {"tier": "tier"}}
    )
    source = SqlSource("crm", described, database=postgres, clock=monotonic)
    before = source.ask("+49891")

    engine = open_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    engine.dispose()

    after = source.ask("+49891")
    source.close()
    assert (type(before), type(after)) == (Told, Told)
