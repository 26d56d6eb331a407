"""Nobody waits for ever for a database on a server."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import URL, text
from sqlalchemy.engine import make_url

from biometrics import StoreUnavailable, SubjectId
from biometrics.records.sql_uses import SqlUses
from biometrics.storage.database import Engine, Limits, open_engine, reading, writing
from biometrics.storage.limits import server_options

TIGHT = Limits(connections=1, extra_connections=1, connection_wait_ms=100, statement_ms=300)
KLAUS = SubjectId("s-klaus")


@pytest.fixture
def engine(postgres: str) -> Iterator[Engine]:
    opened = open_engine(postgres, TIGHT)
    yield opened
    opened.dispose()


def test_a_statement_that_takes_too_long_is_stopped(engine: Engine) -> None:
    with pytest.raises(StoreUnavailable, match="is busy; try again"), reading(engine) as one:
        one.execute(text("SELECT pg_sleep(60)"))


def test_who_waits_for_a_lock_is_answered_too(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE shoes (size INTEGER)"))
    with writing(engine) as one:
        one.execute(text("LOCK TABLE shoes"))
        with pytest.raises(StoreUnavailable, match="is busy"), writing(engine) as other:
            other.execute(text("INSERT INTO shoes VALUES (43)"))


def test_of_connections_there_are_no_more_than_was_said(engine: Engine) -> None:
    with ExitStack() as taken:
        for _ in range(2):
            taken.enter_context(reading(engine))
        with pytest.raises(StoreUnavailable, match="is busy"), reading(engine):
            pass
    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_server_that_lets_nobody_in_is_not_waited_for() -> None:
    with tempfile.TemporaryDirectory(prefix="rufwerk-") as folder:
        deaf = socket.socket(socket.AF_UNIX)
        deaf.bind(str(Path(folder) / ".s.PGSQL.5432"))
        deaf.listen()
        address = f"postgresql+psycopg://u@/d?host={quote(folder, safe='')}"

        with (
            deaf,
            pytest.raises(StoreUnavailable, match="cannot be reached"),
            reading(open_engine(address, Limits(connect_s=2))),
        ):
            pass


def test_a_server_that_was_stopped_is_told_at_once_and_found_again(
    postgres_to_stop: tuple[Any, str],
) -> None:
    server, address = postgres_to_stop
    engine = open_engine(address)
    uses = SqlUses(engine)
    assert uses.last(KLAUS) is None

    server.stop()
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            uses.last(KLAUS)

    server.start()
    assert uses.last(KLAUS) is None
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", "-c statement_timeout=5000"),
        ("?options=-csearch_path%3Dours", "-c statement_timeout=5000 -csearch_path=ours"),
        (
            "?options=-cstatement_timeout%3D9&options=-ca%3Db",
            "-c statement_timeout=5000 -cstatement_timeout=9 -ca=b",
        ),
    ],
)
def test_what_the_address_says_counts_more(query: str, options: str) -> None:
    url = make_url(f"postgresql+psycopg://u@h/d{query}")

    assert server_options(url, Limits())["connect_args"]["options"] == options


def test_an_addresss_own_time_to_connect_is_left_alone() -> None:
    url = make_url("postgresql+psycopg://u@h/d?connect_timeout=9")

    assert "connect_timeout" not in server_options(url, Limits())["connect_args"]


def test_other_servers_are_told_nothing_that_they_may_not_know() -> None:
    other = URL.create("mysql+pymysql", host="h")

    assert "connect_args" not in server_options(other, Limits())
