"""What every count of failed attempts does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from biometrics import SubjectId
from ivr.settings import AttemptSettings
from ivr.verify.attempts import Allowed, AttemptCounts, AttemptKeys, Kind, Locked, Whose
from ivr.verify.memory_attempts import MemoryAttempts
from ivr.verify.sql_attempts import SqlAttempts

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
HOME = AttemptKeys(subject=SubjectId("s-klaus"), number="+4989123456", source="gateway")
ABROAD = AttemptKeys(subject=SubjectId("s-klaus"), number="+4989123456", source="elsewhere")
ERNA = AttemptKeys(subject=SubjectId("s-erna"), number="+4989123457", source="gateway")
KLAUS = Whose(kind=Kind.SUBJECT, value="s-klaus")
GATEWAY = Whose(kind=Kind.SOURCE, value="gateway")


@pytest.fixture(params=["memory", *SQL])
def counts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AttemptCounts]:
    settings = AttemptSettings()
    if request.param == "memory":
        yield MemoryAttempts(key=b"k" * 32, settings=settings)
        return
    if request.param == "sqlite":
        # In memory, for there are thousands of failures to count here.
        engine = create_engine("sqlite://", poolclass=StaticPool)
        yield SqlAttempts(engine, key=b"k" * 32, settings=settings)
        engine.dispose()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlAttempts(engine, key=b"k" * 32, settings=settings)


def fail(counts: AttemptCounts, times: int, keys: AttemptKeys = HOME, at: datetime = NOW) -> None:
    for _ in range(times):
        counts.failed(keys, at)


def failures(counts: AttemptCounts, whose: Whose) -> list[tuple[Kind, int]]:
    return [(one.kind, one.failures) for one in counts.standing(whose, NOW)]


def test_after_five_failures_the_next_try_waits_thirty_seconds(counts: AttemptCounts) -> None:
    fail(counts, 5)

    assert counts.may_try(HOME, NOW) == Locked(until=NOW + 30 * SECOND)
    assert counts.may_try(HOME, NOW + 29 * SECOND) == Locked(until=NOW + 30 * SECOND)
    assert counts.may_try(HOME, NOW + 30 * SECOND) == Allowed()


@pytest.mark.parametrize(
    ("times", "wait"),
    [(6, 60 * SECOND), (7, 120 * SECOND), (10, 960 * SECOND), (17, DAY), (49, DAY)],
)
def test_each_further_failure_doubles_the_wait_up_to_a_day(
    counts: AttemptCounts, times: int, wait: timedelta
) -> None:
    fail(counts, times)

    assert counts.may_try(HOME, NOW) == Locked(until=NOW + wait)


def test_fifty_failures_close_the_door_until_a_person_acts(counts: AttemptCounts) -> None:
    fail(counts, 50)
    counts.succeeded(HOME, NOW)

    assert counts.may_try(HOME, NOW + 1000 * DAY) == Locked(until=None)


def test_four_failures_are_free_and_a_stranger_has_none(counts: AttemptCounts) -> None:
    assert counts.may_try(HOME, NOW) == Allowed()

    fail(counts, 4)

    assert counts.may_try(HOME, NOW) == Allowed()
    assert counts.may_try(HOME, NOW - DAY) == Allowed()


def test_a_clock_that_was_set_back_opens_nothing(counts: AttemptCounts) -> None:
    fail(counts, 5)

    assert counts.may_try(HOME, NOW - DAY) == Locked(until=NOW + 30 * SECOND)

    fail(counts, 1, at=NOW - DAY)

    assert counts.may_try(HOME, NOW) == Locked(until=NOW + 60 * SECOND)


@pytest.mark.parametrize(
    "other",
    [
        AttemptKeys(subject=SubjectId("s-klaus"), number="+1", source="other"),
        AttemptKeys(subject=SubjectId("s-new"), number="+4989123456", source="other"),
        AttemptKeys(subject=SubjectId("s-new"), number="+1", source="gateway"),
    ],
    ids=["subject", "number", "source"],
)
def test_the_subject_the_number_and_the_source_are_each_enough_to_be_locked(
    counts: AttemptCounts, other: AttemptKeys
) -> None:
    fail(counts, 5)

    assert isinstance(counts.may_try(other, NOW), Locked)


def test_who_shares_nothing_is_not_locked(counts: AttemptCounts) -> None:
    fail(counts, 50)

    other = AttemptKeys(subject=SubjectId("s-new"), number="+1", source="other")
    assert counts.may_try(other, NOW) == Allowed()


def test_callers_without_number_or_source_are_counted_together(counts: AttemptCounts) -> None:
    nowhere = AttemptKeys(subject=SubjectId("s-klaus"))
    fail(counts, 5, nowhere)

    other = AttemptKeys(subject=SubjectId("s-erna"), number="+1")
    assert isinstance(counts.may_try(other, NOW), Locked)


def test_a_success_starts_the_count_anew(counts: AttemptCounts) -> None:
    fail(counts, 4)
    counts.succeeded(HOME, NOW)
    fail(counts, 4)

    assert counts.may_try(HOME, NOW) == Allowed()

    fail(counts, 1)

    assert counts.may_try(HOME, NOW) == Locked(until=NOW + 30 * SECOND)


def test_strangers_elsewhere_do_not_lock_out_the_customer_at_home(counts: AttemptCounts) -> None:
    counts.succeeded(HOME, NOW)

    fail(counts, 50, ABROAD)

    assert counts.may_try(ABROAD, NOW) == Locked(until=None)
    assert counts.may_try(HOME, NOW) == Allowed()


def test_strangers_at_a_gateway_do_not_lock_out_those_who_are_known_there(
    counts: AttemptCounts,
) -> None:
    counts.succeeded(HOME, NOW)

    fail(counts, 50, ERNA)

    assert counts.may_try(HOME, NOW) == Allowed()


def test_a_success_at_home_forgives_no_stranger(counts: AttemptCounts) -> None:
    counts.succeeded(HOME, NOW)
    fail(counts, 5, ABROAD)
    counts.succeeded(HOME, NOW)

    assert isinstance(counts.may_try(ABROAD, NOW), Locked)


def test_a_gateway_where_somebody_succeeds_is_not_under_attack(counts: AttemptCounts) -> None:
    counts.succeeded(HOME, NOW)
    fail(counts, 5, ERNA)
    newcomer = AttemptKeys(subject=SubjectId("s-new"), number="+1", source="gateway")
    assert isinstance(counts.may_try(newcomer, NOW), Locked)

    counts.succeeded(HOME, NOW)

    assert counts.may_try(newcomer, NOW) == Allowed()
    assert isinstance(counts.may_try(ERNA, NOW), Locked)


def test_failures_at_home_close_the_door_at_home(counts: AttemptCounts) -> None:
    counts.succeeded(HOME, NOW)

    fail(counts, 5)

    assert isinstance(counts.may_try(HOME, NOW), Locked)
    assert counts.may_try(ABROAD, NOW) == Allowed()


def test_going_through_voices_from_one_number_counts_twice_for_the_source(
    counts: AttemptCounts,
) -> None:
    for subject in ("s-1", "s-2", "s-3", "s-4"):
        fail(counts, 1, AttemptKeys(subject=SubjectId(subject), number="+1", source="gateway"))

    assert failures(counts, GATEWAY) == [(Kind.SOURCE, 5)]


def test_going_through_numbers_with_one_voice_counts_twice_for_the_source(
    counts: AttemptCounts,
) -> None:
    for number in "123456":
        keys = AttemptKeys(subject=SubjectId("s-klaus"), number=f"+{number}", source="gateway")
        fail(counts, 1, keys)

    assert failures(counts, GATEWAY) == [(Kind.SOURCE, 7)]


def test_going_through_voices_slowly_is_no_haste(counts: AttemptCounts) -> None:
    for days, subject in enumerate(("s-1", "s-2", "s-3", "s-4")):
        keys = AttemptKeys(subject=SubjectId(subject), number="+1", source="gateway")
        fail(counts, 1, keys, NOW + days * DAY)

    assert failures(counts, GATEWAY) == [(Kind.SOURCE, 4)]


def test_a_person_opens_the_door_again_at_home_too(counts: AttemptCounts) -> None:
    counts.succeeded(HOME, NOW)
    fail(counts, 50, HOME)
    fail(counts, 50, ABROAD)

    assert counts.reset(KLAUS)

    assert failures(counts, KLAUS) == [(Kind.SUBJECT, 0), (Kind.WAY, 0)]
    assert counts.may_try(HOME, NOW) == Allowed()
    assert counts.may_try(ABROAD, NOW) == Locked(until=None)
    assert counts.reset(Whose(kind=Kind.NUMBER, value="+4989123456"))
    assert counts.reset(Whose(kind=Kind.SOURCE, value="elsewhere"))
    assert counts.may_try(ABROAD, NOW) == Allowed()


def test_who_was_never_counted_is_not_reset(counts: AttemptCounts) -> None:
    assert not counts.reset(KLAUS)
    assert counts.standing(KLAUS, NOW) == ()


def test_closed_doors_are_told_with_their_reasons(counts: AttemptCounts) -> None:
    fail(counts, 5)
    fail(counts, 50, ERNA)
    fail(counts, 1, ABROAD)

    told = {(one.kind, one.permission) for one in counts.closed(NOW + 61 * SECOND)}

    assert told == {
        (Kind.SUBJECT, Locked(until=None)),
        (Kind.NUMBER, Locked(until=None)),
        (Kind.SOURCE, Locked(until=None)),
    }
    assert {one.failures for one in counts.closed(NOW)} == {6, 50, 55}
