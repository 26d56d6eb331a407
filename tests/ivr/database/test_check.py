"""What is wrong with a database is found, and told with what to do."""

from pathlib import Path

import pytest
from sqlalchemy import text

from biometrics.storage.database import Engine, open_engine, writing
from ivr.database.check import examine, examine_keys
from ivr.database.migrations import upgrade
from ivr.database.revisions import Revisions

REVISIONS = Revisions()
NEWEST = REVISIONS.newest
NEXT = f"{int(NEWEST) + 1:04}"


def wrong(engine: Engine) -> dict[str, str]:
    return {one.what: one.found for one in examine(engine, REVISIONS) if not one.is_well}


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'none.db'}")

    (found,) = examine(engine, REVISIONS)
    (of_keys,) = examine_keys(engine, is_needed=True)

    assert not found.is_well
    assert not of_keys.is_well
    assert list(tmp_path.iterdir()) == []


def test_a_key_database_that_nobody_needs_yet_may_be_missing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'none.db'}")

    (found,) = examine_keys(engine, is_needed=False)

    assert found.is_well
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_a_version_is_behind(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE of_somebody_else (id INTEGER)"))

    assert wrong(engine) == {"version": f"none, behind {NEWEST}"}


def test_a_database_that_is_behind_is_told_and_left_alone(filled: Engine, later: Revisions) -> None:
    told = {one.what: one.found for one in examine(filled, later) if not one.is_well}

    assert told == {"version": f"{NEWEST}, behind {NEXT}"}
    assert REVISIONS.standing(filled).revision == NEWEST


def test_a_database_of_a_newer_version_is_told(engine: Engine, later: Revisions) -> None:
    upgrade(engine, later)

    assert wrong(engine) == {"version": f"{NEXT}, newer than {NEWEST}"}


def test_tables_columns_and_indexes_that_are_missing_are_named(filled: Engine) -> None:
    with writing(filled) as connection:
        connection.execute(text("DROP TABLE pins"))
        connection.execute(text("ALTER TABLE people DROP COLUMN skills"))
        connection.execute(text("DROP INDEX receipts_at"))

    assert wrong(filled) == {"tables": "missing: pins, people.skills, index receipts_at"}


def test_a_server_that_cannot_be_reached_is_told_without_its_password() -> None:
    address = "postgresql+psycopg://u:secret@/d?host=%2Fnowhere"

    (found,) = examine(open_engine(address), REVISIONS)

    assert found.remedy == "The database cannot be reached."
    assert "secret" not in str(found)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "ours.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine, REVISIONS)
    engine.dispose()
    whole = file.read_bytes()
    file.write_bytes(whole[:8_192] + bytes(8_192) + whole[16_384:])

    assert wrong(engine)
    engine.dispose()


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_file_that_others_may_read_is_told(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "ours.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine, REVISIONS)
    file.chmod(mode)

    assert wrong(engine) == {"file ours.db": "others may read it"}
    engine.dispose()


def test_a_database_that_is_well_is_well(filled: Engine) -> None:
    assert wrong(filled) == {}
