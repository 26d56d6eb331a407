"""What every audit trail does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import (
    AuditEvent,
    AuditKind,
    AuditTrail,
    Broken,
    Intact,
    Latest,
    MemoryAudit,
    SubjectId,
)
from biometrics.records.sql_audit import SqlAudit

KEY = b"k" * 32
NOW = datetime(2026, 5, 20, 12, 0, 0, 123_456, tzinfo=UTC)
KLAUS, ERNA = SubjectId("s-klaus"), SubjectId("s-erna")


@pytest.fixture(params=["memory", *SQL])
def trail(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AuditTrail]:
    if request.param == "memory":
        yield MemoryAudit(KEY)
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlAudit(engine, key=KEY)


def event(subject: SubjectId | None = KLAUS, **details: str) -> AuditEvent:
    return AuditEvent(
        kind=AuditKind.READ, at=NOW, actor="service", subject=subject, details=details
    )


@pytest.mark.parametrize(
    "word", ["+4989123456", "4989123456", "1981-05-14", "Klaus Meier", "", "x" * 65, "ja\n"]
)
def test_what_could_be_a_number_a_date_or_a_name_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="codes only"):
        event(found=word)
    with pytest.raises(ValueError, match="codes only"):
        AuditEvent(kind=AuditKind.READ, at=NOW, actor=word)


def test_an_empty_trail_is_intact(trail: AuditTrail) -> None:
    assert trail.check() == Intact(entries=0)
    assert trail.check(trail.checkpoint(NOW)) == Intact(entries=0)
    assert list(trail.entries()) == []


def test_each_entry_follows_the_one_before(trail: AuditTrail) -> None:
    for _ in range(3):
        trail.record(event())

    first, second, third = trail.entries()
    assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert trail.check() == Intact(entries=3)


def test_an_entry_tells_what_was_done_under_a_pseudonym(trail: AuditTrail) -> None:
    trail.record(event(found="enrolled"))

    (entry,) = trail.entries(KLAUS)
    assert (entry.kind, entry.actor, entry.at, dict(entry.details)) == (
        "voiceprint_read",
        "service",
        NOW,
        {"found": "enrolled"},
    )
    assert KLAUS not in repr(entry)
    assert len(entry.subject) == 32


def test_time_is_the_same_moment_wherever_it_was_taken(trail: AuditTrail) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=2)))
    trail.record(AuditEvent(kind=AuditKind.READ, at=elsewhere, actor="service"))

    (entry,) = trail.entries()
    assert (entry.at, entry.subject) == (NOW, "")
    assert trail.check() == Intact(entries=1)


def test_the_entries_of_one_subject_can_be_told_apart(trail: AuditTrail) -> None:
    for subject in (KLAUS, ERNA, None, KLAUS):
        trail.record(event(subject))

    assert [entry.sequence for entry in trail.entries(KLAUS)] == [1, 4]
    assert [entry.sequence for entry in trail.entries(SubjectId("nobody"))] == []


def test_a_checkpoint_still_fits_a_trail_that_has_grown(trail: AuditTrail) -> None:
    trail.record(event())
    checkpoint = trail.checkpoint(NOW)
    trail.record(event())

    assert trail.check(checkpoint) == Intact(entries=2)


def test_a_checkpoint_of_another_trail_is_not_believed(trail: AuditTrail) -> None:
    other = MemoryAudit(KEY)
    for _ in range(2):
        other.record(event(ERNA))
    trail.record(event())

    assert trail.check(other.checkpoint(NOW)) == Broken(
        sequence=2, reason="the end of the trail is missing"
    )
    trail.record(event())
    assert trail.check(other.checkpoint(NOW)) == Broken(
        sequence=2, reason="the checkpoint saw another entry here"
    )


def test_a_checkpoint_without_our_key_is_not_believed(trail: AuditTrail) -> None:
    trail.record(event())
    forged = MemoryAudit(b"another key")

    assert trail.check(forged.checkpoint(NOW)) == Broken(
        sequence=0, reason="the checkpoint's seal is not ours"
    )


def test_many_writers_make_one_chain(trail: AuditTrail) -> None:
    with ThreadPoolExecutor(max_workers=4) as threads:
        list(threads.map(lambda _: trail.record(event()), range(40)))

    assert trail.check() == Intact(entries=40)


def test_the_latest_come_first_and_can_be_chosen(trail: AuditTrail) -> None:
    for place, kind in enumerate([AuditKind.READ, AuditKind.EXPORTED, AuditKind.READ]):
        actor = "service" if place < 2 else "petra"
        trail.record(AuditEvent(kind=kind, at=NOW, actor=actor))

    def found(**asked: object) -> list[int]:
        return [one.sequence for one in trail.latest(Latest(most=10, **asked))]  # type: ignore[arg-type]

    assert found() == [3, 2, 1]
    assert found(before=3) == [2, 1]
    assert found(actor="petra") == [3]
    assert found(actor="nobody") == []
    assert found(kinds=frozenset({AuditKind.READ})) == [3, 1]
    assert [one.sequence for one in trail.latest(Latest(most=1))] == [3]
