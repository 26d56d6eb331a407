"""Databases go from version to version with all their rows, or stay as they are."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fakes.filled_database import fill, rows_in
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text
from sqlalchemy.orm import DeclarativeBase

from biometrics import StoreUnavailable
from biometrics.storage import database
from biometrics.storage.database import Engine, make_missing, open_engine, writing
from ivr.database.first import FIRST
from ivr.database.migrations import downgrade, upgrade
from ivr.database.revisions import VERSION_TABLE, Revisions, Standing
from ivr.database.shape import missing_from, tables_of
from ivr.errors import DatabaseUnfit

ROOT = Path(__file__).parents[3]
REVISIONS = Revisions()
NEWEST = REVISIONS.newest
NEXT = f"{int(NEWEST) + 1:04}"
ELSEWHERE = {
    "voice_keys": "in the database of keys",
    "voiceprints": "unsealed voices of early versions, read once and dropped",
}


def schema_of(engine: Engine) -> dict[str, Any]:
    """Tables, columns and indexes, as the database tells them."""
    there = inspect(engine)
    return {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in there.get_columns(name)],
            there.get_pk_constraint(name)["constrained_columns"],
            sorted(str(one["name"]) for one in there.get_indexes(name)),
            sorted(str(one["column_names"]) for one in there.get_unique_constraints(name)),
            [one["referred_table"] for one in there.get_foreign_keys(name)],
        )
        for name in there.get_table_names()
        if name != VERSION_TABLE
    }


def models() -> MetaData:
    """Every table of the main database, as the adapters know it; found by reading the code."""
    found = MetaData()
    for file in sorted([*ROOT.glob("ivr/**/*.py"), *ROOT.glob("biometrics/**/*.py")]):
        if "database/first" in str(file) or not re.search(
            r"\bTable\(\n|\(DeclarativeBase\)", file.read_text("utf-8")
        ):
            continue
        module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for table in _tables_of(vars(module).values()):
            if table.name not in found.tables and table.name not in ELSEWHERE:
                table.to_metadata(found)
    return found


def _tables_of(things: Any) -> Iterator[Table]:
    for thing in list(things):
        if isinstance(thing, Table):
            yield thing
        is_class = isinstance(thing, type) and thing is not DeclarativeBase
        if is_class and issubclass(thing, DeclarativeBase):
            yield from thing.metadata.sorted_tables


def differences(engine: Engine, target: MetaData) -> list[Any]:
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), target)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    engine: Engine, later: Revisions
) -> None:
    upgrade(engine, later)
    before = schema_of(engine)

    for refused in (upgrade, lambda *_: downgrade(engine, REVISIONS, "base")):
        with pytest.raises(DatabaseUnfit, match=f"{NEXT}, which a newer version of Rufwerk made"):
            refused(engine, REVISIONS)
    assert schema_of(engine) == before
    assert REVISIONS.standing(engine).is_newer


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE people DROP COLUMN name",
        "ALTER TABLE people ADD COLUMN shoe_size INTEGER NOT NULL DEFAULT 1",
    ],
)
def test_tables_that_no_version_made_are_not_taken_over(engine: Engine, change: str) -> None:
    with writing(engine) as connection:
        make_missing(connection, FIRST.tables["people"], FIRST.tables["receipts"])
        connection.execute(text(change))
    before = schema_of(engine)

    with pytest.raises(DatabaseUnfit, match=r"are not as version 0\.1\.0 makes them: people\."):
        upgrade(engine, REVISIONS)
    assert schema_of(engine) == before
    assert REVISIONS.standing(engine).revision is None


def test_a_step_that_fails_changes_nothing(engine: Engine, later: Revisions) -> None:
    upgrade(engine, REVISIONS)
    step = later.folder / f"v{NEXT}_next.py"
    whole = step.read_text()
    step.write_text(whole.replace("def downgrade", "    raise ValueError\n\n\ndef downgrade"))
    before = schema_of(engine)

    with pytest.raises(ValueError):  # noqa: PT011 - the step's own
        upgrade(engine, later)
    assert schema_of(engine) == before
    assert REVISIONS.standing(engine).revision == NEWEST


@pytest.mark.parametrize("to", [NEWEST, NEXT, "9999", "", "-1", "head"])
def test_only_an_earlier_revision_can_be_gone_back_to(engine: Engine, to: str) -> None:
    upgrade(engine, REVISIONS)

    with pytest.raises(DatabaseUnfit, match="none that comes before"):
        downgrade(engine, REVISIONS, to)


def test_the_first_revision_is_not_taken_back_where_rows_would_be_lost(engine: Engine) -> None:
    upgrade(engine, REVISIONS)
    tables = tables_of("0001", REVISIONS)
    with writing(engine) as connection:
        fill(connection, [table for table in tables if table.name == "receipts"])

    with pytest.raises(DatabaseUnfit, match=r"receipts, and there are rows; nothing was changed"):
        downgrade(engine, REVISIONS, "base")
    with engine.connect() as connection:
        assert len(rows_in(connection, tables)["receipts"]) == 3


def test_every_table_of_the_adapters_has_a_revision(engine: Engine) -> None:
    """Whoever changes a table writes a revision: ivr/database/versions."""
    upgrade(engine, REVISIONS)

    target = models()
    assert len(target.tables) >= len(FIRST.tables)
    assert differences(engine, target) == []


def test_a_table_or_column_without_a_revision_is_found(engine: Engine) -> None:
    upgrade(engine, REVISIONS)
    target = models()
    Table("shoes", target, Column("size", Integer, primary_key=True))
    target.tables["people"].append_column(Column("shoe_size", Integer))

    assert {one[0] for one in differences(engine, target)} == {"add_table", "add_column"}


def test_files_are_named_after_their_revisions() -> None:
    scripts = ScriptDirectory(str(REVISIONS.folder.parent), version_locations=[REVISIONS.folder])

    assert [one.revision for one in scripts.walk_revisions()][::-1] == list(REVISIONS.known)
    assert len(scripts.get_heads()) == 1


def test_a_new_database_gets_every_table(engine: Engine) -> None:
    before = upgrade(engine, REVISIONS)

    assert before == Standing(revision=None, newest=NEWEST, pending=REVISIONS.known)
    assert REVISIONS.standing(engine) == Standing(revision=NEWEST, newest=NEWEST, pending=())
    assert set(schema_of(engine)) == {one.name for one in tables_of(NEWEST, REVISIONS)}


def test_what_is_up_to_date_is_left_alone(engine: Engine) -> None:
    upgrade(engine, REVISIONS)

    assert upgrade(engine, REVISIONS).pending == ()


def test_a_database_from_before_there_were_versions_is_taken_over_with_its_rows(
    engine: Engine,
) -> None:
    """Its tables were made by whoever needed them, so some are missing, and so is an index."""
    tables = [one for one in tables_of("0001", REVISIONS) if one.name != "pins"]
    with writing(engine) as connection:
        make_missing(connection, *(FIRST.tables[one.name] for one in tables))
        connection.execute(text("DROP INDEX journal_calls_began"))
        connection.execute(text("CREATE TABLE of_somebody_else (id INTEGER)"))
        connection.execute(text("CREATE INDEX of_an_operator ON people (name)"))
        fill(connection, tables)
        before = rows_in(connection, tables)

    upgrade(engine, REVISIONS)

    with engine.connect() as connection:
        assert rows_in(connection, tables) == before
        assert missing_from(connection, tables_of("0001", REVISIONS)) == ()
    assert {"of_somebody_else", "pins"} <= set(schema_of(engine))
    assert REVISIONS.standing(engine).pending == ()


def test_rows_survive_an_upgrade_and_a_downgrade_gives_the_earlier_schema_back(
    engine: Engine, later: Revisions
) -> None:
    tables = tables_of(NEWEST, REVISIONS)
    upgrade(engine, REVISIONS)
    schema = schema_of(engine)
    with writing(engine) as connection:
        fill(connection, tables)
        before = rows_in(connection, tables)

    assert upgrade(engine, later).pending == (NEXT,)
    assert "shoes" in schema_of(engine)
    with engine.connect() as connection:
        assert rows_in(connection, tables) == before

    assert downgrade(engine, later, NEWEST).revision == NEXT
    assert schema_of(engine) == schema
    with engine.connect() as connection:
        assert rows_in(connection, tables) == before


def test_taken_back_altogether_an_empty_database_is_empty(engine: Engine) -> None:
    upgrade(engine, REVISIONS)

    downgrade(engine, REVISIONS, "base")

    assert schema_of(engine) == {}
    assert REVISIONS.standing(engine).revision is None


def test_of_several_processes_that_start_at_once_one_makes_the_tables(
    address: str, engine: Engine
) -> None:
    start = (
        "import sys; from biometrics.storage.database import open_engine; "
        "from ivr.database.migrations import upgrade; "
        "from ivr.database.revisions import Revisions\n"
        "print(len(upgrade(open_engine(sys.argv[1]), Revisions()).pending))"
    )
    running = [
        subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", start, address], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(4)
    ]

    told = [one.communicate(timeout=60)[0] for one in running]

    assert sorted(told) == ["0\n", "0\n", "0\n", f"{len(REVISIONS.known)}\n"]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            (NEWEST,)
        ]


def test_who_changes_the_schema_waits_no_longer_than_it_said(
    engine: Engine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENT_MS", 50)
    other = open_engine(address)
    with database.altering(other), pytest.raises(StoreUnavailable, match="is busy; try again"):
        upgrade(engine, REVISIONS)
    other.dispose()

    assert upgrade(engine, REVISIONS).pending == REVISIONS.known
