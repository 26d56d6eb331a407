"""A PostgreSQL server of our own on a Unix socket, for tests of what SQL adapters do there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest

from ivr.errors import ModelMissing
from ivr.evaluate.own_postgres import address_of, own_server, socket_of

_NUMBERS = count(1)
_QUICKER = ("fsync", "full_page_writes", "synchronous_commit")
"""What a server does so that a power cut loses nothing; these databases last for one test."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The folder of the server's socket. Skips, with the reason, where none can be started."""
    with started() as socket:
        yield socket


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The SQLAlchemy address of a database that is empty, and gone after the test."""
    with postgres_on(postgres_server, f"test_{next(_NUMBERS)}") as address:
        yield address


@contextmanager
def started() -> Iterator[str]:
    """The folder of the socket of a server that runs until left."""
    with _server() as server:
        import psycopg  # noqa: PLC0415 - it is here: the server was started with it

        socket = socket_of(server)
        with psycopg.connect(host=socket, user="postgres", autocommit=True) as connection:
            for name in _QUICKER:
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield socket


@contextmanager
def postgres_on(server: str, name: str) -> Iterator[str]:
    """The address of a database of this name, empty, and gone afterwards."""
    import psycopg  # noqa: PLC0415 - whoever started the server has skipped where it is missing

    with psycopg.connect(host=server, user="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield address_of(server, database=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_schemas(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes addresses of schemas, each as good as a database and made far quicker."""
    import psycopg  # noqa: PLC0415 - the server's fixture has skipped where it is missing

    made: list[str] = []
    with psycopg.connect(host=postgres_server, user="postgres", autocommit=True) as connection:

        def one_more() -> str:
            made.append(f"test_{next(_NUMBERS)}")
            connection.execute(f"CREATE SCHEMA {made[-1]}")
            looks_in = quote(f"-c search_path={made[-1]}")
            return f"{address_of(postgres_server)}&options={looks_in}"

        yield one_more
        connection.execute("SET client_min_messages = warning")
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def postgres_to_stop() -> Iterator[tuple[Any, str]]:
    """A server of the test's own that has `stop()` and `start()`, and its address."""
    with _server() as server:
        yield server, address_of(socket_of(server))


@contextmanager
def _server() -> Iterator[Any]:
    with ExitStack() as running:
        with pytest.MonkeyPatch.context() as patch:
            # Set while the server starts, to its own folder; as it was for every test.
            patch.setenv("XDG_RUNTIME_DIR", "")
            patch.delenv("XDG_RUNTIME_DIR")
            try:
                server = running.enter_context(own_server())
            except ModelMissing as err:
                pytest.skip(err.sentence)
        yield server
