from datetime import UTC, datetime

import pytest

from biometrics import AuditEvent, MemoryAudit, StoreUnavailable, SubjectId, Witness
from ivr.settings import AttemptSettings
from ivr.verify.attempts import AttemptKeys, Kind, Locked, Whose
from ivr.verify.audited_attempts import AuditedAttempts
from ivr.verify.memory_attempts import MemoryAttempts

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KLAUS = AttemptKeys(subject=SubjectId("s-klaus"), number="+4989123456", source="gateway")
WHOSE = Whose(kind=Kind.SUBJECT, value="s-klaus")


class GoneAudit(MemoryAudit):
    def record(self, event: AuditEvent) -> None:
        raise StoreUnavailable("gone")


def audited(audit: MemoryAudit) -> AuditedAttempts:
    counts = MemoryAttempts(key=b"k" * 32, settings=AttemptSettings())
    return AuditedAttempts(
        counts=counts, witness=Witness(audit=audit, clock=lambda: NOW, actor="service")
    )


def test_a_failure_counts_even_if_it_cannot_be_told() -> None:
    attempts = audited(GoneAudit())

    for _ in range(4):
        attempts.failed(KLAUS, NOW)
    with pytest.raises(StoreUnavailable):
        attempts.failed(KLAUS, NOW)

    assert isinstance(attempts.may_try(KLAUS, NOW), Locked)


def test_no_door_is_opened_that_cannot_be_told_of() -> None:
    attempts = audited(GoneAudit())
    for _ in range(5):
        attempts.counts.failed(KLAUS, NOW)

    with pytest.raises(StoreUnavailable):
        attempts.reset(WHOSE)

    assert isinstance(attempts.may_try(KLAUS, NOW), Locked)


def test_doors_that_close_and_open_are_in_the_trail() -> None:
    audit = MemoryAudit()
    attempts = audited(audit)

    for _ in range(50):
        attempts.failed(KLAUS, NOW)
    attempts.succeeded(KLAUS, NOW)
    attempts.reset(WHOSE)

    told = [(entry.kind, dict(entry.details)) for entry in audit.entries(KLAUS.subject)]
    assert told == [
        *[("locked_out", {"until": "a_wait_is_over"})] * 45,
        ("locked_out", {"until": "a_person_acts"}),
        ("released", {"what": "subject"}),
    ]
