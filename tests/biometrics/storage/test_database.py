"""Who is told of what a database does not carry out, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine, open_engine, reading, tell_failures, writing


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    is_file = request.param == "sqlite"
    address = f"sqlite:///{tmp_path / 'x.db'}" if is_file else request.getfixturevalue("postgres")
    engine = open_engine(address)
    yield engine
    engine.dispose()


def asked(engine: Engine, *statements: str) -> None:
    with writing(engine) as connection:
        for one in statements:
            connection.execute(text(one))


def test_what_the_database_does_not_carry_out_is_told_each_time(engine: Engine) -> None:
    told: list[int] = []
    tell_failures(engine, lambda: told.append(1))
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            asked(engine, "SELECT * FROM nowhere")

    assert told == [1, 1]


def test_a_row_that_is_there_already_is_no_failure_of_the_database(engine: Engine) -> None:
    told: list[int] = []
    asked(engine, "CREATE TABLE told_once (id INTEGER PRIMARY KEY)")
    tell_failures(engine, lambda: told.append(1))
    row = "INSERT INTO told_once VALUES (1)"
    with pytest.raises(StoreUnavailable):
        asked(engine, row, row)
    asked(engine, "DROP TABLE told_once")

    assert told == []


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_database_that_nobody_listens_for_is_told() -> None:
    told: list[int] = []
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    tell_failures(engine, lambda: told.append(1))
    with pytest.raises(StoreUnavailable), reading(engine):
        pass

    assert told == [1]
