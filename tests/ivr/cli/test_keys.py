"""`ivr keys` and what `ivr doctor` says of keys, on a home of their own, without models."""

import importlib
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from biometrics import EncoderId, KeysUnavailable, SubjectId, Voiceprint
from ivr.cli import app
from ivr.cli.doctor import Finding
from ivr.errors import BadSettings
from ivr.settings import read_settings
from ivr.wiring import House

KLAUS = SubjectId("s-7f3a")

Ivr = Callable[..., Result]
doctor = importlib.import_module("ivr.cli.doctor")  # the package shows the command by that name


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def house(ivr: Ivr) -> Iterator[House]:
    """A house that keeps one voice."""
    opened = House.from_environment()
    opened.voices.sealed.put(
        Voiceprint(
            subject=KLAUS,
            encoder=EncoderId("pattern-0"),
            vector=np.array([0.6, 0.8], dtype=np.float32),
            net_speech_ms=12_000,
            recordings=3,
            enrolled_at=datetime(2026, 5, 20, tzinfo=UTC),
        )
    )
    yield opened
    opened.close()


def look() -> Finding:
    found = doctor.keys(read_settings())
    assert isinstance(found, Finding)
    return found


def test_keys_may_not_lie_in_the_database_they_open(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_KEYS__DATABASE", f"sqlite:///{tmp_path / 'rufwerk.db'}")

    with pytest.raises(BadSettings, match="keys must be in another"):
        _ = House.from_environment().voices.sealed


def test_two_holders_of_the_master_key_are_refused(
    ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_KEYS__MASTER", "secret")
    monkeypatch.setenv("IVR_KEYS__COMMAND", "kms")

    with pytest.raises(BadSettings, match="not both"):
        _ = House.from_environment().voices.sealed


def test_a_master_key_that_is_none_is_not_repeated(
    ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_KEYS__MASTER", "hunter2")

    with pytest.raises(KeysUnavailable) as refusal:
        _ = House.from_environment().voices.sealed

    assert "hunter2" not in str(refusal.value) + repr(read_settings())


def test_a_fresh_key_is_read_again_and_never_twice_the_same(
    ivr: Ivr, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ivr("keys", "make").stdout.strip(), ivr("keys", "make").stdout.strip()
    assert first != second
    monkeypatch.setenv("IVR_KEYS__MASTER", f"{first},{second}")

    assert House.from_environment().voices.sealed.get(KLAUS) is None
    assert "IVR_KEYS__MASTER" in ivr("keys", "status").stdout


def test_the_first_start_makes_a_key_that_only_its_owner_may_read(
    house: House, tmp_path: Path
) -> None:
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    assert {"rufwerk.db", "keys.db", "master.key"} <= {path.name for path in tmp_path.iterdir()}


def test_status_tells_who_holds_the_key_and_nothing_secret(
    house: House, ivr: Ivr, tmp_path: Path
) -> None:
    shown = ivr("keys", "status").stdout.replace("\n", " ")
    secret = (tmp_path / "master.key").read_text().splitlines()[-1]

    assert re.match(r"Master key ([0-9a-f]{12}), held by the file .*\1  wraps 2 keys", shown)
    assert secret not in shown


def test_rotating_changes_the_key_and_keeps_the_voice(
    house: House, ivr: Ivr, tmp_path: Path
) -> None:
    before = (tmp_path / "master.key").read_text()
    done = ivr("keys", "rotate")

    assert done.exit_code == 0, done.output
    assert ": 2 keys." in done.stdout
    assert before not in (tmp_path / "master.key").read_text()
    assert isinstance(house.voices.sealed.get(KLAUS), Voiceprint)
    assert isinstance(House.from_environment().voices.sealed.get(KLAUS), Voiceprint)


def test_a_rotation_that_was_left_unfinished_is_said(
    house: House, ivr: Ivr, tmp_path: Path
) -> None:
    house.voices.keys.masters.renew()

    assert "run: ivr keys rotate" in ivr("keys", "status").stdout
    assert (look().is_well, look().remedy) == (
        False,
        "A rotation is not finished; run: ivr keys rotate",
    )
    ivr("keys", "rotate")
    assert look().is_well


def test_after_a_rotation_a_stolen_copy_of_the_whole_home_opens_nothing_new(
    house: House, ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old master key with the rotated key database."""
    shutil.copy(tmp_path / "master.key", tmp_path / "stolen.key")
    ivr("keys", "rotate")
    monkeypatch.setenv("IVR_KEYS__FILE", str(tmp_path / "stolen.key"))

    with pytest.raises(KeysUnavailable):
        _ = House.from_environment().voices.sealed


def test_doctor_makes_no_key_and_says_where_the_first_start_will(ivr: Ivr, tmp_path: Path) -> None:
    found = look()

    assert found.is_well
    assert found.found == f"none yet; the first start makes the file {tmp_path / 'master.key'}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", ["gone", "open to all", "damaged"])
def test_doctor_says_what_to_do_about_a_key_that_cannot_be_used(
    house: House, tmp_path: Path, harm: str
) -> None:
    file = tmp_path / "master.key"
    match harm:
        case "gone":
            file.unlink()
        case "open to all":
            file.chmod(0o644)
        case "damaged":
            file.write_text("secret")

    found = look()

    assert not found.is_well
    assert found.is_required
    assert re.search(r"put it back|chmod 600", found.remedy)


def test_doctor_names_the_key_and_how_much_it_wraps(house: House, tmp_path: Path) -> None:
    found = look()

    assert found.is_well
    assert found.found.endswith(f"the file {tmp_path / 'master.key'}, wraps 2 keys")


def test_the_database_of_keys_is_not_the_one_that_is_backed_up(
    house: House, tmp_path: Path
) -> None:
    database = sqlite3.connect(tmp_path / "rufwerk.db")
    names = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    database.close()

    assert "sealed_voiceprints" in names
    assert "voice_keys" not in names
