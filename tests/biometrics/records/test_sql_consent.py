"""What only a database can do wrong."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from biometrics import Channel, Consent, Purpose, StoreUnavailable, SubjectId
from biometrics.records.sql_consent import SqlLedger
from biometrics.storage import database

KLAUS = SubjectId("s-klaus")
NOW = datetime(2026, 5, 20, tzinfo=UTC)
AGREED = Consent(
    subject=KLAUS,
    purpose=Purpose.RECOGNITION,
    text="recognition-1",
    text_sha256="ab" * 32,
    language="de",
    channel=Channel.PHONE,
    given_at=NOW,
    expires_at=NOW + timedelta(days=10),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "consents.db"


@pytest.fixture
def ledger(file: Path, monkeypatch: pytest.MonkeyPatch) -> SqlLedger:
    monkeypatch.setattr(database, "_BUSY_S", 0.05)
    opened = SqlLedger(f"sqlite:///{file}")
    opened.grant(AGREED)
    return opened


def change(file: Path, statements: str) -> None:
    connection = sqlite3.connect(file)
    try:
        connection.executescript(statements)
    finally:
        connection.close()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM consent_entries", "UPDATE consent_entries SET subject = 'x'"]
)
def test_the_ledger_may_only_be_added_to(file: Path, ledger: SqlLedger, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only be added to"):
        change(file, statement)

    assert ledger.history(KLAUS) == (AGREED,)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE consent_entries SET at = 'gestern'",
        "UPDATE consent_entries SET at = 7",
        "UPDATE consent_entries SET channel = 'pigeon'",
        "UPDATE consent_entries SET expires_at = 'nie'",
    ],
)
def test_a_damaged_entry_is_no_consent(file: Path, ledger: SqlLedger, damage: str) -> None:
    change(file, f"DROP TRIGGER consent_no_UPDATE; {damage}")

    with pytest.raises(StoreUnavailable, match="ledger is damaged"):
        ledger.has(KLAUS, Purpose.RECOGNITION, NOW)


def test_a_ledger_that_cannot_be_read_gives_no_answer(file: Path, ledger: SqlLedger) -> None:
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreUnavailable, match="busy"):
            ledger.has(KLAUS, Purpose.RECOGNITION, NOW)
    finally:
        other.rollback()
        other.close()

    assert ledger.has(KLAUS, Purpose.RECOGNITION, NOW)
