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
    Collected,
    Collecting,
    Consent,
    ConsentedStore,
    ConsentMissing,
    EncoderId,
    Learned,
    MemoryAudit,
    MemoryLedger,
    MemoryStore,
    MemoryUses,
    OptedOut,
    ProvenBy,
    Purpose,
    StoreUnavailable,
    SubjectId,
    SubjectOptedOut,
    Voiceprint,
    VoiceprintStore,
    Witness,
    forgetting_collected,
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


def followed(kept: Learned) -> Learned:
    later = replace(kept.following, later=-kept.following.original.vector, calls=1)
    return replace(kept, following=later)


def collecting(kept: Learned) -> Learned:
    original = kept.following.original
    call = Collected(
        vector=original.vector, net_ms=4_000, at=NOW, proven_by=ProvenBy.EARLIER_ENCODER
    )
    begun = Collecting(
        subject=KLAUS,
        expired=original.encoder,
        encoder=EncoderId("pattern-1"),
        weights_sha256="cd" * 32,
        calls=(call,),
    )
    return replace(kept, collecting=begun)


def renewed(kept: Learned) -> Voiceprint:
    return replace(kept.following.original, encoder=EncoderId("pattern-1"))


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
        lambda store, print_: store.learned(KLAUS),
        lambda store, print_: store.learn(KLAUS, followed),
        lambda store, print_: store.learn(KLAUS, renewed),
    ],
    ids=[
        *("read", "enrol", "opt out", "remove", "revert", "revoke", "erase"),
        *("read learned", "follow", "renew"),
    ],
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


def test_what_is_learned_is_in_the_trail_and_what_is_not_was_read(voiceprint: Voiceprint) -> None:
    audit = MemoryAudit()
    kept = MemoryStore()
    store = audited(kept, audit)
    assert not store.learn(KLAUS, followed)
    kept.put(voiceprint)

    assert not store.learn(KLAUS, lambda kept: None)
    assert store.learn(KLAUS, followed)
    assert store.learn(KLAUS, collecting)
    assert store.learn(KLAUS, forgetting_collected)
    assert store.learn(KLAUS, renewed)

    assert told(audit) == [
        ("voiceprint_read", {"found": "enrolled"}),
        ("voiceprint_adapted", {"encoder": "pattern-0"}),
        ("voice_collected", {"voice": "added"}),
        ("voice_collected", {"voice": "forgotten"}),
        ("voiceprint_renewed", {"encoder": "pattern-1"}),
    ]


@pytest.mark.parametrize("purpose", [Purpose.RECOGNITION, Purpose.ADAPTATION])
def test_one_consent_alone_lets_nothing_be_learned(
    voiceprint: Voiceprint, purpose: Purpose
) -> None:
    ledger, kept = MemoryLedger(), MemoryStore()
    ledger.grant(replace(AGREED, purpose=purpose))
    kept.put(voiceprint)
    store = consented(ledger, kept)

    assert not store.learn(KLAUS, followed)
    assert store.learned(KLAUS) is None
    assert kept.get(KLAUS) is voiceprint


def test_with_both_consents_a_renewed_print_is_noted_as_in_use(voiceprint: Voiceprint) -> None:
    ledger, kept = MemoryLedger(), MemoryStore()
    for purpose in (Purpose.RECOGNITION, Purpose.ADAPTATION):
        ledger.grant(replace(AGREED, purpose=purpose))
    kept.put(voiceprint)
    store = consented(ledger, kept)

    assert store.learn(KLAUS, renewed)
    assert store.uses.last(KLAUS) == voiceprint.enrolled_at
