"""The house opens its database: up to date, or not at all."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.databases import SQL, an_address
from sqlalchemy import delete, table, text

from biometrics import AuditEvent, AuditKind, Intact, Purpose, StoreUnavailable, SubjectId
from biometrics.records.sql_audit import SqlAudit
from biometrics.records.sql_consent import SqlLedger
from biometrics.storage.database import open_engine, writing
from ivr.database.migrations import upgrade
from ivr.database.revisions import Revisions
from ivr.errors import DatabaseUnfit
from ivr.settings import PostgresSettings, Settings
from ivr.wiring.database import Database, limits_of
from ivr.wiring.places import Places

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


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

    assert by_hand(database).upgrade().pending == Revisions().known
    assert by_hand(database).engine.dialect.name in {"sqlite", "postgresql"}


def test_a_new_database_is_made_when_it_is_first_opened(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 0


RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO service;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service;
REVOKE UPDATE, DELETE ON audit_entries, consent_entries, contact_agreements FROM service;
"""
"""As docs/database.md has them."""


@pytest.fixture
def limited(postgres: str) -> Iterator[Database]:
    """As a role has it that owns no table."""
    owner = open_engine(postgres)
    upgrade(owner, Revisions())
    with writing(owner) as connection:
        connection.execute(text("CREATE ROLE service LOGIN"))
        connection.execute(text(RIGHTS))
    service = owner.url.set(username="service").render_as_string(False)
    places = Places(Settings(database_url=service, database_upgrade="by_hand"))
    with closing(places.closing):
        yield Database(places)
    with writing(owner) as connection:
        connection.execute(text("DROP OWNED BY service"))
        connection.execute(text("DROP ROLE service"))
    owner.dispose()


def test_the_service_needs_no_right_to_change_tables_or_what_is_only_added_to(
    limited: Database,
) -> None:
    trail, ledger = SqlAudit(limited.engine, key=b"k" * 32), SqlLedger(limited.engine)
    trail.record(AuditEvent(kind=AuditKind.READ, at=NOW, actor="service"))
    ledger.withdraw(SubjectId("s-klaus"), Purpose.RECORDING, NOW)

    for name in ("audit_entries", "consent_entries", "contact_agreements"):
        with (
            pytest.raises(StoreUnavailable, match="may not be written to"),
            writing(limited.engine) as one,
        ):
            one.execute(delete(table(name)))
    assert trail.check() == Intact(entries=1)


def test_limits_are_those_of_the_settings() -> None:
    postgres = PostgresSettings(connections=2, statement_ms=700)

    found = limits_of(Settings(postgres=postgres))

    assert (found.connections, found.statement_ms) == (2, 700)
