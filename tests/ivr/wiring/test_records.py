"""How consents, the trail and last uses are wired, on a database and keys of their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes.readiness import unready
from typer.testing import CliRunner

from biometrics import (
    ConsentMissing,
    EncoderId,
    OptedOut,
    Purpose,
    StoreUnavailable,
    SubjectId,
    Voiceprint,
)
from ivr.cli import app
from ivr.settings import Settings, VerifySettings
from ivr.verify.attempts import AttemptKeys
from ivr.wiring import House

KLAUS = SubjectId("s-7f3a")
NOW = datetime.now(UTC)
YEARS_3 = timedelta(days=1095)
PRINT = Voiceprint(
    subject=KLAUS,
    encoder=EncoderId("pattern-0"),
    vector=np.array([0.6, -0.8], dtype=np.float32),
    net_speech_ms=12_000,
    recordings=3,
    enrolled_at=NOW,
)

Built = Callable[..., House]


@pytest.fixture
def build(tmp_path: Path) -> Built:
    return lambda **verify: House(Settings(home=tmp_path, verify=VerifySettings(**verify)))


class GoneUses:
    def note(self, subject: SubjectId, now: datetime) -> None:
        raise StoreUnavailable("gone")

    def last(self, subject: SubjectId) -> datetime | None:
        raise StoreUnavailable("gone")


def with_gone_uses(house: House) -> Any:
    records = house.voices.records
    records.__dict__["uses"] = GoneUses()
    return records


def test_consent_is_required_where_nothing_is_said(build: Built) -> None:
    house = build()

    with pytest.raises(ConsentMissing):
        house.voices.store.put(PRINT)
    with pytest.raises(ConsentMissing):
        house.voices.enrol(KLAUS, [b"no recording"] * 3, now=NOW)
    assert house.voices.sealed.get(KLAUS) is None


def test_an_operator_who_keeps_consents_elsewhere_may_enrol_until_they_are_withdrawn(
    build: Built,
) -> None:
    house = build(consent="assumed")
    house.voices.store.put(PRINT)
    assert isinstance(house.voices.store.get(KLAUS), Voiceprint)

    house.subjects.rights.withdraw(KLAUS, Purpose.RECOGNITION, NOW)
    assert house.voices.sealed.get(KLAUS) is None
    with pytest.raises(ConsentMissing):
        house.voices.store.put(PRINT)


def test_failed_verifications_are_told_in_an_export(build: Built) -> None:
    house = build()
    keys = AttemptKeys(subject=KLAUS)
    for _ in range(2):
        house.voices.doors.counts.failed(keys, NOW)

    (count,) = house.subjects.export(KLAUS, NOW).attempts
    assert (count.kind, count.failures, count.is_closed, count.closed_until) == (
        "subject",
        2,
        False,
        None,
    )
    assert house.subjects.export(SubjectId("s-nobody"), NOW).attempts == ()


def test_a_young_voiceprint_expires_by_its_own_age(build: Built) -> None:
    records = build().voices.records

    assert records.oldest_days(PRINT, NOW) == 1095
    assert records.oldest_days(None, NOW) == 1095
    assert records.oldest_days(OptedOut(subject=KLAUS), NOW) == 1095


def test_the_years_of_a_voiceprint_count_from_its_last_use(build: Built) -> None:
    records = build().voices.records
    old = replace(PRINT, enrolled_at=NOW - YEARS_3)
    assert records.oldest_days(old, NOW) == 1095

    records.note_use(KLAUS, NOW - timedelta(days=95))
    assert records.oldest_days(old, NOW) == 2095


def test_a_last_use_that_cannot_be_read_lets_the_voiceprint_expire(build: Built) -> None:
    records = with_gone_uses(build())

    assert records.oldest_days(replace(PRINT, enrolled_at=NOW - YEARS_3), NOW) == 1095


def test_a_use_that_cannot_be_noted_stops_no_call(build: Built) -> None:
    with_gone_uses(build()).note_use(KLAUS, NOW)


def test_asking_whether_the_house_is_ready_leaves_no_entry(build: Built) -> None:
    house = build()
    unready(house)

    assert list(house.subjects.trail.entries()) == []


def test_a_new_master_key_is_in_the_trail_and_the_trail_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    CliRunner().invoke(app, ["voiceprint", "opt-out", "s-1"])

    rotated = CliRunner().invoke(app, ["keys", "rotate"])
    shown = CliRunner().invoke(app, ["audit", "show"]).output.splitlines()

    assert rotated.exit_code == 0
    assert shown[-1].split("  ")[2:] == ["operator", "key_changed", "-"]
    assert CliRunner().invoke(app, ["audit", "verify"]).output.startswith("Intact: ")
