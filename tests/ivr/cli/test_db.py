"""`ivr db`, on a database and keys of its own."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from biometrics import EncoderId, KeysUnavailable, OptedOut, SubjectId, Voiceprint
from ivr.cli import app
from ivr.database.revisions import Revisions
from ivr.errors import BadBackup, DatabaseInUse, DatabaseUnfit
from ivr.wiring import House

NEWEST = Revisions().newest
KLAUS, ERNA = "s-7f3a", "s-erna"

Ivr = Callable[..., Result]


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def enrolled(ivr: Ivr) -> Ivr:
    """The command line of a house that keeps two voices and two PINs."""
    for subject in (KLAUS, ERNA):
        agree(ivr, subject, "recognition")
        agree(ivr, subject, "adaptation")
        with closing(House.from_environment()) as house:
            house.voices.store.put(voice(subject))
        CliRunner().invoke(app, ["pin", "set", subject], input="407183\n")
    return ivr


def voice(subject: str) -> Voiceprint:
    return Voiceprint(
        subject=SubjectId(subject),
        encoder=EncoderId("telephone-ecapa-0"),
        vector=np.array([0.6, -0.8], dtype=np.float32),
        net_speech_ms=12_000,
        recordings=3,
        enrolled_at=_now(),
    )


def agree(ivr: Ivr, subject: str, purpose: str) -> Result:
    words = ("--text", f"{purpose}-1", "--channel", "phone")
    return ivr("voiceprint", "consent", subject, purpose, *words)


def _now() -> datetime:
    return datetime.now(UTC)


def revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_database_of_a_newer_version_stops_every_command(ivr: Ivr, tmp_path: Path) -> None:
    ivr("db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "rufwerk.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()

    for words in (("serve",), ("people", "list"), ("db", "upgrade"), ("db", "downgrade", "0001")):
        done = ivr(*words, *(["--yes"] if "downgrade" in words else []))
        assert isinstance(done.exception, DatabaseUnfit), done.output
        assert "start that version" in done.exception.sentence
    assert ivr("db", "check").exit_code == 1
    assert revision(tmp_path / "rufwerk.db") == "9999"


def test_a_downgrade_is_asked_about_first(ivr: Ivr) -> None:
    ivr("db", "upgrade")

    assert ivr("db", "downgrade", "base").exit_code == 1
    assert ivr("db", "upgrade").output == f"At {NEWEST}, up to date.\n"
    assert ivr("db", "downgrade", "base", "--yes").exit_code == 0
    assert ivr("db", "upgrade").output == f"From no revision to {NEWEST}.\n"


def test_what_is_there_is_not_replaced_by_mistake(enrolled: Ivr, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.zip")
    enrolled("db", "backup", file)

    assert isinstance(enrolled("db", "restore", file).exception, DatabaseInUse)
    (tmp_path / "letter").write_text("A letter.")
    letter = enrolled("db", "restore", str(tmp_path / "letter"), "--replace")
    assert isinstance(letter.exception, BadBackup)


def test_who_was_erased_or_has_refused_since_the_backup_does_not_come_back(
    enrolled: Ivr, tmp_path: Path
) -> None:
    """Into a new database, which knows nothing of what was withdrawn since: only the keys do."""
    enrolled("db", "backup", str(tmp_path / "backup.zip"))
    enrolled("voiceprint", "erase", KLAUS)
    enrolled("voiceprint", "opt-out", ERNA)
    (tmp_path / "rufwerk.db").unlink()

    done = enrolled("db", "restore", str(tmp_path / "backup.zip"))

    assert "Erased again, since their keys are gone: 2.\n" in done.output
    with closing(House.from_environment()) as house:
        for subject in map(SubjectId, (KLAUS, ERNA)):
            assert not house.voices.pins.room("operator").has_pin(subject)
            history = house.voices.records.ledger.history(subject)
            assert [type(one).__name__ for one in history[-2:]] == ["Withdrawal", "Withdrawal"]
        assert house.voices.sealed.get(SubjectId(KLAUS)) is None
        assert house.voices.sealed.get(SubjectId(ERNA)) == OptedOut(subject=SubjectId(ERNA))
    assert "database_restored" in enrolled("audit", "show").output
    assert "Intact" in enrolled("audit", "verify").output


def test_without_its_keys_a_backup_is_not_taken_for_restored(enrolled: Ivr, tmp_path: Path) -> None:
    enrolled("db", "backup", str(tmp_path / "backup.zip"))
    shutil.move(tmp_path / "keys.db", tmp_path / "lost.db")

    done = enrolled("db", "restore", str(tmp_path / "backup.zip"), "--replace")

    assert isinstance(done.exception, KeysUnavailable)
    assert "start nothing, mend it" in done.stderr
    (tmp_path / "keys.db").unlink(missing_ok=True)
    shutil.move(tmp_path / "lost.db", tmp_path / "keys.db")
    again = enrolled("db", "restore", str(tmp_path / "backup.zip"), "--replace")
    assert again.exit_code == 0, again.output


def test_what_was_decided_since_the_backup_stays_decided(enrolled: Ivr, tmp_path: Path) -> None:
    enrolled("api-keys", "add", "Asterisk", "--scope", "calls")
    enrolled("people", "add", "anna", "--name", "Anna", "--role", "agent", "--generate")
    enrolled("db", "backup", str(tmp_path / "backup.zip"))
    enrolled("voiceprint", "withdraw", KLAUS, "adaptation")
    with closing(House.from_environment()) as house:
        (key,) = house.api_keys.keys.all()
    enrolled("api-keys", "revoke", key.id)
    enrolled("people", "disable", "anna")
    enrolled("callers", "import", "audio_fixtures/manifest.toml")
    entries = _entries(enrolled("audit", "verify").output)

    enrolled("db", "restore", str(tmp_path / "backup.zip"), "--replace")

    with closing(House.from_environment()) as house:
        (key,) = house.api_keys.keys.all()
        assert key.revoked_at is not None
        assert [one.person.is_active for one in house.people.people.all()] == [False]
        last = house.voices.records.ledger.history(SubjectId(KLAUS))[-1]
        assert type(last).__name__ == "Withdrawal"
        assert house.directory.all() == ()
    assert _entries(enrolled("audit", "verify").output) > entries


def _entries(told: str) -> int:
    found = re.search(r"\d+", told)
    assert found, told
    return int(found[0])


def test_a_database_that_is_well_is_told_so(enrolled: Ivr) -> None:
    done = enrolled("db", "check")

    assert done.exit_code == 0, done.output
    assert f"version: {NEWEST}, up to date" in done.output
    assert done.output.count("integrity: ok") == 2
    assert "WRONG" not in done.output
