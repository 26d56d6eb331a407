"""Both kinds of database that adapters are for, empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from biometrics.storage.database import Engine, open_engine

SQL = ("sqlite", "postgresql")
"""Parameters of a fixture that asks for an engine."""

_NUMBERS = count(1)


def an_address(request: pytest.FixtureRequest, folder: Path) -> str:
    """Of a new database of the kind that the fixture's parameter begins with."""
    if str(request.param).startswith("postgresql"):
        address: str = request.getfixturevalue("postgres_schemas")()
        return address
    return f"sqlite:///{folder / f'test-{next(_NUMBERS)}.db'}"


@contextmanager
def an_engine(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    """Of such a database, let go of at the end."""
    engine = open_engine(an_address(request, folder))
    yield engine
    engine.dispose()
