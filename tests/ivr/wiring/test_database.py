"""The house opens its database: up to date, or not at all."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.databases import SQL, an_address
from sqlalchemy import text

from biometrics.storage.database import open_engine, writing
from ivr.database.migrations import upgrade
from ivr.database.revisions import Revisions
from ivr.errors import DatabaseUnfit
from ivr.settings import PostgresSettings, Settings
from ivr.wiring.database import Database, limits_of
from ivr.wiring.places import Places


@pytest.fixture(params=SQL)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url=an_address(request, tmp_path))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    places = Places(settings)
    with closing(places.closing):
        yield Database(places)


def by_hand(database: Database) -> Database:
    settings = replace(database.places.settings, database_upgrade="by_hand")
    return Database(Places(settings, database.places.closing))


def test_a_database_of_a_newer_version_is_not_opened(database: Database) -> None:
    with writing(database.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for one in (Database(database.places), by_hand(database)):
        with pytest.raises(DatabaseUnfit, match="9999, which a newer version"):
            _ = one.engine


def test_where_upgrades_are_made_by_hand_an_old_database_waits_for_them(
    database: Database,
) -> None:
    with pytest.raises(DatabaseUnfit, match="run: ivr db upgrade"):
        _ = by_hand(database).engine

    assert by_hand(database).upgrade().pending == ("0001",)
    assert by_hand(database).engine.dialect.name in {"sqlite", "postgresql"}


def test_a_new_database_is_made_when_it_is_first_opened(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 0


def test_who_may_change_no_tables_can_open_one_that_is_up_to_date(postgres: str) -> None:
    """The service need not own its tables."""
    owner = open_engine(postgres)
    upgrade(owner, Revisions())
    with writing(owner) as connection:
        connection.execute(text("CREATE ROLE service LOGIN"))
        connection.execute(text("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO service"))
    service = owner.url.set(username="service").render_as_string(False)
    places = Places(Settings(database_url=service))

    with closing(places.closing), Database(places).engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 0
    with writing(owner) as connection:
        connection.execute(text("DROP OWNED BY service"))
        connection.execute(text("DROP ROLE service"))
    owner.dispose()


def test_limits_are_those_of_the_settings() -> None:
    postgres = PostgresSettings(connections=2, statement_ms=700)

    found = limits_of(Settings(postgres=postgres))

    assert (found.connections, found.statement_ms) == (2, 700)
