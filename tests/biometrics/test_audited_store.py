"""Who reads or changes a voiceprint leaves an entry, or does neither."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from biometrics import (
    AuditedStore,
    AuditEvent,
    Channel,
    Consent,
    ConsentedStore,
    ConsentMissing,
    MemoryAudit,
    MemoryLedger,
    MemoryStore,
    MemoryUses,
    OptedOut,
    Purpose,
    StoreUnavailable,
    SubjectId,
    SubjectOptedOut,
    Voiceprint,
    VoiceprintStore,
    Witness,
)

KLAUS = SubjectId("s-1")
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


class GoneAudit:
    def record(self, event: AuditEvent) -> None:
        raise StoreUnavailable("gone")


class GoneLedger(MemoryLedger):
    def has(self, subject: SubjectId, purpose: Purpose, now: datetime) -> bool:
        raise StoreUnavailable("gone")


def audited(store: VoiceprintStore, audit: Any) -> AuditedStore:
    witness = Witness(audit=audit, clock=lambda: NOW, actor="service")
    return AuditedStore(store=store, witness=witness)


def consented(ledger: MemoryLedger, store: VoiceprintStore) -> ConsentedStore:
    return ConsentedStore(store=store, ledger=ledger, uses=MemoryUses(), clock=lambda: NOW)


def told(audit: MemoryAudit) -> list[tuple[str, dict[str, str]]]:
    return [(entry.kind, dict(entry.details)) for entry in audit.entries()]


@pytest.mark.parametrize(
    "work",
    [
        lambda store, print_: store.get(KLAUS),
        lambda store, print_: store.put(replace(print_, subject=SubjectId("s-2"))),
        lambda store, print_: store.opt_out(KLAUS),
        lambda store, print_: store.remove(KLAUS),
        lambda store, print_: store.revert(KLAUS),
        lambda store, print_: store.revoke(KLAUS),
        lambda store, print_: store.erase(KLAUS, at=NOW),
    ],
    ids=["read", "enrol", "opt out", "remove", "revert", "revoke", "erase"],
)
def test_what_cannot_be_audited_does_not_happen(
    voiceprint: Voiceprint, work: Callable[[VoiceprintStore, Voiceprint], object]
) -> None:
    kept = MemoryStore()
    kept.put(voiceprint)

    with pytest.raises(StoreUnavailable):
        work(audited(kept, GoneAudit()), voiceprint)

    assert kept.get(KLAUS) is voiceprint
    assert kept.get(SubjectId("s-2")) is None


def test_reads_and_changes_are_in_the_trail(voiceprint: Voiceprint) -> None:
    audit = MemoryAudit()
    store = audited(MemoryStore(), audit)
    store.get(KLAUS)
    store.put(voiceprint)
    assert store.get(KLAUS) is voiceprint
    store.opt_out(KLAUS)
    assert store.get(KLAUS) == OptedOut(subject=KLAUS)
    assert store.remove(KLAUS)
    assert not store.revert(KLAUS)
    assert not store.revoke(KLAUS)
    assert store.erase(KLAUS, at=NOW).what == ()

    assert told(audit) == [
        ("voiceprint_read", {"found": "nothing"}),
        ("voiceprint_kept", {"encoder": str(voiceprint.encoder)}),
        ("voiceprint_read", {"found": "enrolled"}),
        ("opted_out", {}),
        ("voiceprint_read", {"found": "opted_out"}),
        ("voiceprint_removed", {}),
        ("voiceprint_reverted", {}),
        ("voiceprint_revoked", {}),
        ("voiceprint_erased", {}),
    ]


def test_what_was_announced_and_refused_is_told_too(voiceprint: Voiceprint) -> None:
    audit = MemoryAudit()
    store = audited(MemoryStore(), audit)
    store.opt_out(KLAUS)

    with pytest.raises(SubjectOptedOut):
        store.put(voiceprint)

    assert told(audit)[-1] == ("failed", {"what": "voiceprint_kept", "why": "subject_opted_out"})


def test_an_encoder_of_any_name_can_be_told(voiceprint: Voiceprint) -> None:
    audit = MemoryAudit()
    odd = replace(voiceprint, encoder="7/speechbrain ecapa" * 9)
    audited(MemoryStore(), audit).put(odd)

    assert told(audit)[0][1]["encoder"].startswith("x_7_speechbrain_ecapa")


def test_a_ledger_that_is_gone_hands_out_no_voiceprint(voiceprint: Voiceprint) -> None:
    kept = MemoryStore()
    kept.put(voiceprint)
    store = consented(GoneLedger(), kept)

    with pytest.raises(StoreUnavailable):
        store.get(KLAUS)
    with pytest.raises(StoreUnavailable):
        store.put(voiceprint)


def test_without_consent_a_voiceprint_is_as_if_it_were_not_there(voiceprint: Voiceprint) -> None:
    kept = MemoryStore()
    kept.put(voiceprint)

    assert consented(MemoryLedger(), kept).get(KLAUS) is None


def test_without_consent_nothing_is_enrolled(voiceprint: Voiceprint) -> None:
    kept = MemoryStore()

    with pytest.raises(ConsentMissing, match="--consent-text"):
        consented(MemoryLedger(), kept).put(voiceprint)
    assert kept.get(KLAUS) is None


def test_a_refusal_is_a_refusal_without_consent_too() -> None:
    kept = MemoryStore()
    kept.opt_out(KLAUS)

    assert consented(MemoryLedger(), kept).get(KLAUS) == OptedOut(subject=KLAUS)


def test_with_consent_a_voiceprint_is_kept_and_handed_out(voiceprint: Voiceprint) -> None:
    ledger = MemoryLedger()
    ledger.grant(AGREED)
    store = consented(ledger, MemoryStore())
    store.put(voiceprint)

    assert store.get(KLAUS) is voiceprint
