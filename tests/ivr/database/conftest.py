"""Databases of both kinds, empty and filled."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.databases import SQL, an_address
from fakes.filled_database import fill

from biometrics.storage.database import Engine, open_engine, writing
from ivr.database.migrations import upgrade
from ivr.database.revisions import Revisions
from ivr.database.shape import tables_of

NEWEST = Revisions().newest
NEXT = f"{int(NEWEST) + 1:04}"

STEP = f"""
from alembic import op
from sqlalchemy import Column, Integer, String

revision = "{NEXT}"
down_revision = "{NEWEST}"


def upgrade():
    with op.batch_alter_table("people") as people:
        people.add_column(Column("shoe_size", Integer))
    op.create_table("shoes", Column("size", Integer, primary_key=True), Column("name", String(9)))


def downgrade():
    op.drop_table("shoes")
    with op.batch_alter_table("people") as people:
        people.drop_column("shoe_size")
"""


@pytest.fixture
def later(tmp_path: Path) -> Revisions:
    """Of a version to come: this one's revisions and one more."""
    there = tmp_path / "versions 100%"
    shutil.copytree(Revisions().folder, there, ignore=shutil.ignore_patterns("__pycache__"))
    (there / f"v{NEXT}_next.py").write_text(STEP)
    return Revisions(folder=there)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """New files are anybody's, unless who makes them says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture(params=SQL)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return an_address(request, tmp_path)


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    opened = open_engine(address)
    yield opened
    opened.dispose()


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Up to date, with rows in every table."""
    revisions = Revisions()
    upgrade(engine, revisions)
    with writing(engine) as connection:
        fill(connection, tables_of(revisions.newest, revisions))
    return engine
