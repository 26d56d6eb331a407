"""What every consent ledger does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import Channel, Consent, Ledger, MemoryLedger, Purpose, SubjectId, Withdrawal
from biometrics.records.sql_consent import SqlLedger

KLAUS, ERNA = SubjectId("s-klaus"), SubjectId("s-erna")
NOW = datetime(2026, 5, 20, 12, 0, 0, 123_456, tzinfo=UTC)
DAY = timedelta(days=1)
RECOGNITION, ADAPTATION = Purpose.RECOGNITION, Purpose.ADAPTATION
AGREED = Consent(
    subject=KLAUS,
    purpose=RECOGNITION,
    text="recognition-1",
    text_sha256="ab" * 32,
    language="de",
    channel=Channel.PHONE,
    given_at=NOW,
    expires_at=NOW + 10 * DAY,
)


@pytest.fixture(params=["memory", *SQL])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlLedger(engine)


def test_nobody_has_agreed_to_anything_unasked(ledger: Ledger) -> None:
    assert not any(ledger.has(KLAUS, purpose, NOW) for purpose in Purpose)
    assert ledger.history(KLAUS) == ()


def test_agreeing_to_one_purpose_says_nothing_about_another(ledger: Ledger) -> None:
    ledger.grant(AGREED)

    assert [ledger.has(KLAUS, purpose, NOW) for purpose in Purpose] == [True, False, False, False]


def test_one_persons_consent_is_nobody_elses(ledger: Ledger) -> None:
    ledger.grant(AGREED)

    assert not ledger.has(ERNA, RECOGNITION, NOW)
    assert ledger.history(ERNA) == ()


def test_a_consent_that_was_withdrawn_is_none(ledger: Ledger) -> None:
    ledger.grant(AGREED)
    ledger.withdraw(KLAUS, RECOGNITION, NOW)

    assert not ledger.has(KLAUS, RECOGNITION, NOW)


@pytest.mark.parametrize(
    ("after", "stands"),
    [(-DAY, False), (0 * DAY, True), (10 * DAY - timedelta(seconds=1), True), (10 * DAY, False)],
)
def test_a_consent_stands_from_its_giving_to_its_expiry(
    ledger: Ledger, after: timedelta, stands: bool
) -> None:
    ledger.grant(AGREED)

    assert ledger.has(KLAUS, RECOGNITION, NOW + after) is stands


def test_the_last_entry_decides_and_not_the_latest_date(ledger: Ledger) -> None:
    ledger.grant(AGREED)
    ledger.withdraw(KLAUS, RECOGNITION, NOW - DAY)
    assert not ledger.has(KLAUS, RECOGNITION, NOW)

    ledger.grant(replace(AGREED, text="recognition-2"))
    assert ledger.has(KLAUS, RECOGNITION, NOW)


def test_every_entry_is_kept_as_it_was_given(ledger: Ledger) -> None:
    elsewhere = timezone(timedelta(hours=2))
    ledger.grant(replace(AGREED, given_at=NOW.astimezone(elsewhere)))
    ledger.withdraw(KLAUS, RECOGNITION, NOW + DAY)
    ledger.grant(replace(AGREED, purpose=ADAPTATION, channel=Channel.PAPER))

    assert ledger.history(KLAUS) == (
        AGREED,
        Withdrawal(subject=KLAUS, purpose=RECOGNITION, withdrawn_at=NOW + DAY),
        replace(AGREED, purpose=ADAPTATION, channel=Channel.PAPER),
    )


def test_who_withdrew_does_not_count_as_lapsed(ledger: Ledger) -> None:
    ledger.grant(AGREED)
    ledger.withdraw(KLAUS, RECOGNITION, NOW)

    assert ledger.lapsed(RECOGNITION, NOW + 20 * DAY) == ()


def test_lapsed_are_those_whose_last_consent_has_expired(ledger: Ledger) -> None:
    ledger.grant(AGREED)
    ledger.grant(replace(AGREED, subject=ERNA))
    ledger.grant(replace(AGREED, subject=ERNA, expires_at=NOW + 30 * DAY))
    ledger.grant(replace(AGREED, subject=ERNA, purpose=ADAPTATION))

    assert ledger.lapsed(RECOGNITION, NOW + 9 * DAY) == ()
    assert ledger.lapsed(RECOGNITION, NOW + 10 * DAY) == (KLAUS,)
    assert ledger.lapsed(ADAPTATION, NOW + 10 * DAY) == (ERNA,)
