"""What a person asks is done at once, is told in the trail, and may be asked twice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from biometrics import (
    AttemptsPart,
    AuditedStore,
    AuditEvent,
    AuditKind,
    Channel,
    Consent,
    ConsentedStore,
    ConsentTextUnknown,
    MemoryAudit,
    MemoryLedger,
    MemoryStore,
    MemoryUses,
    OptedOut,
    Purpose,
    Rights,
    RightsSettings,
    Said,
    StoreUnavailable,
    SubjectId,
    SubjectOptedOut,
    Voiceprint,
    Withdrawal,
    Witness,
    consent_text,
    export_subject,
)

KLAUS, NOBODY = SubjectId("s-1"), SubjectId("s-nobody")
NOW = datetime(2026, 5, 20, tzinfo=UTC)
DAY = timedelta(days=1)
FAILED_TWICE = AttemptsPart(kind="subject", failures=2, is_closed=False)
SAID = Said(text="recognition-1", language="de", channel=Channel.PHONE)
RECOGNITION, ADAPTATION = Purpose.RECOGNITION, Purpose.ADAPTATION


class BreakableAudit(MemoryAudit):
    """Breaks at events of one kind."""

    breaks_at: AuditKind | None = None

    def record(self, event: AuditEvent) -> None:
        if event.kind is self.breaks_at:
            raise StoreUnavailable("gone")
        super().record(event)


@dataclass(frozen=True)
class Office:
    """Rights, and what lies behind them."""

    store: MemoryStore
    ledger: MemoryLedger
    uses: MemoryUses
    audit: BreakableAudit
    rights: Rights
    for_calls: ConsentedStore

    def told(self, subject: SubjectId = KLAUS) -> list[str]:
        return [entry.kind for entry in self.audit.entries(subject)]


@pytest.fixture
def office() -> Office:
    store, ledger, uses, audit = MemoryStore(), MemoryLedger(), MemoryUses(), BreakableAudit()
    witness = Witness(audit=audit, clock=lambda: NOW, actor="operator")
    return Office(
        store=store,
        ledger=ledger,
        uses=uses,
        audit=audit,
        rights=Rights(
            store=AuditedStore(store=store, witness=witness),
            ledger=ledger,
            uses=uses,
            witness=witness,
            settings=RightsSettings(consent_days=100, idle_days=30),
        ),
        for_calls=ConsentedStore(store=store, ledger=ledger, uses=uses, clock=lambda: NOW),
    )


@pytest.fixture
def enrolled(office: Office, voiceprint: Voiceprint) -> Office:
    office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)
    office.for_calls.put(replace(voiceprint, enrolled_at=NOW))
    return office


def has_print(office: Office) -> bool:
    return isinstance(office.store.get(KLAUS), Voiceprint)


# what cannot be audited


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (AuditKind.CONSENT_WITHDRAWN, lambda rights: rights.withdraw(KLAUS, RECOGNITION, NOW)),
        (AuditKind.ERASED, lambda rights: rights.erase(KLAUS, NOW)),
        (AuditKind.OPTED_OUT, lambda rights: rights.opt_out(KLAUS, NOW)),
        (AuditKind.EXPIRED, lambda rights: rights.expire(NOW + 31 * DAY)),
    ],
    ids=["withdraw", "erase", "opt out", "expire"],
)
def test_what_cannot_be_audited_leaves_the_voiceprint(
    enrolled: Office, kind: AuditKind, ask: Callable[[Rights], object]
) -> None:
    enrolled.audit.breaks_at = kind

    with pytest.raises(StoreUnavailable):
        ask(enrolled.rights)
    assert has_print(enrolled)


def test_an_export_that_cannot_be_audited_is_not_made(enrolled: Office) -> None:
    enrolled.audit.breaks_at = AuditKind.EXPORTED

    with pytest.raises(StoreUnavailable):
        export_subject(KLAUS, rights=enrolled.rights, trail=enrolled.audit, attempts=(), now=NOW)


def test_a_consent_that_cannot_be_audited_is_not_given(office: Office) -> None:
    office.audit.breaks_at = AuditKind.CONSENT_GRANTED

    with pytest.raises(StoreUnavailable):
        office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)
    assert office.ledger.history(KLAUS) == ()


def test_an_erasure_that_broke_in_the_middle_can_be_asked_again(enrolled: Office) -> None:
    enrolled.audit.breaks_at = AuditKind.ERASED
    with pytest.raises(StoreUnavailable):
        enrolled.rights.erase(KLAUS, NOW)
    # Not destroyed yet, and no use of it any more.
    assert enrolled.for_calls.get(KLAUS) is None

    enrolled.audit.breaks_at = None
    assert enrolled.rights.erase(KLAUS, NOW).what == ("voiceprint",)
    assert not has_print(enrolled)


# consent


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        (ADAPTATION, SAID),
        (RECOGNITION, replace(SAID, text="recognition-99")),
        (RECOGNITION, replace(SAID, language="fr")),
    ],
)
def test_nobody_agrees_to_words_that_are_not_there(
    office: Office, purpose: Purpose, said: Said
) -> None:
    with pytest.raises(ConsentTextUnknown):
        office.rights.grant(KLAUS, purpose, said, NOW)
    assert office.ledger.history(KLAUS) == ()
    assert office.told() == []


def test_who_has_refused_must_lift_that_before_agreeing(office: Office) -> None:
    office.rights.opt_out(KLAUS, NOW)

    with pytest.raises(SubjectOptedOut, match="Lift the refusal first"):
        office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)
    assert not office.ledger.has(KLAUS, RECOGNITION, NOW)

    office.rights.opt_in(KLAUS)
    office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)
    assert office.ledger.has(KLAUS, RECOGNITION, NOW)


def test_lifting_a_refusal_is_no_consent_and_destroys_nothing(enrolled: Office) -> None:
    enrolled.rights.opt_in(KLAUS)
    assert has_print(enrolled)

    enrolled.rights.opt_out(KLAUS, NOW)
    enrolled.rights.opt_in(KLAUS)
    assert not enrolled.ledger.has(KLAUS, RECOGNITION, NOW)
    assert enrolled.for_calls.get(KLAUS) is None


def test_a_consent_tells_the_words_their_digest_and_its_end(office: Office) -> None:
    consent = office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)

    assert consent == Consent(
        subject=KLAUS,
        purpose=RECOGNITION,
        text="recognition-1",
        text_sha256=consent_text("recognition-1", "de").sha256,
        language="de",
        channel=Channel.PHONE,
        given_at=NOW,
        expires_at=NOW + 100 * DAY,
    )
    (entry,) = [one for one in office.audit.entries(KLAUS) if one.kind == "consent_granted"]
    assert dict(entry.details) == {
        "purpose": "recognition",
        "text": "recognition-1",
        "channel": "phone",
    }


def test_agreeing_twice_to_the_same_words_is_agreeing_once(office: Office) -> None:
    first = office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)
    again = office.rights.grant(KLAUS, RECOGNITION, SAID, NOW + DAY)

    assert again == first
    assert office.ledger.history(KLAUS) == (first,)
    assert office.told().count("consent_granted") == 1


def test_agreeing_again_after_the_end_is_a_new_consent(office: Office) -> None:
    office.rights.grant(KLAUS, RECOGNITION, SAID, NOW)
    office.rights.grant(KLAUS, RECOGNITION, SAID, NOW + 100 * DAY)

    assert len(office.ledger.history(KLAUS)) == 2
    assert office.ledger.has(KLAUS, RECOGNITION, NOW + 150 * DAY)


def test_withdrawing_recognition_destroys_the_voiceprint(enrolled: Office) -> None:
    receipt = enrolled.rights.withdraw(KLAUS, RECOGNITION, NOW)

    assert receipt is not None
    assert receipt.what == ("voiceprint",)
    assert enrolled.store.get(KLAUS) is None
    assert not enrolled.ledger.has(KLAUS, RECOGNITION, NOW)


def test_withdrawing_adaptation_leaves_the_voiceprint(enrolled: Office) -> None:
    said = replace(SAID, text="adaptation-1")
    enrolled.rights.grant(KLAUS, ADAPTATION, said, NOW)

    assert enrolled.rights.withdraw(KLAUS, ADAPTATION, NOW) is None
    assert has_print(enrolled)
    assert not enrolled.ledger.has(KLAUS, ADAPTATION, NOW)


def test_withdrawing_twice_is_withdrawing_once(enrolled: Office) -> None:
    for _ in range(2):
        enrolled.rights.withdraw(KLAUS, RECOGNITION, NOW)

    withdrawals = [
        entry
        for entry in enrolled.ledger.history(KLAUS)
        if isinstance(entry, Withdrawal) and entry.purpose is RECOGNITION
    ]
    assert len(withdrawals) == 1


def test_withdrawing_does_not_lift_a_refusal(office: Office) -> None:
    office.rights.opt_out(KLAUS, NOW)
    office.rights.withdraw(KLAUS, RECOGNITION, NOW)
    office.rights.erase(KLAUS, NOW)

    assert office.store.get(KLAUS) == OptedOut(subject=KLAUS)


# opting out and erasing


def test_opting_out_destroys_the_voiceprint_and_ends_what_used_it(enrolled: Office) -> None:
    recording = replace(SAID, text="recording-1")
    enrolled.rights.grant(KLAUS, Purpose.RECORDING, recording, NOW)
    enrolled.rights.opt_out(KLAUS, NOW)

    assert enrolled.for_calls.get(KLAUS) == OptedOut(subject=KLAUS)
    assert [enrolled.ledger.has(KLAUS, purpose, NOW) for purpose in Purpose] == [
        False,
        False,
        False,
        True,
    ]


def test_people_never_seen_may_opt_out_and_be_erased(office: Office) -> None:
    assert office.rights.erase(NOBODY, NOW).what == ()
    office.rights.opt_out(NOBODY, NOW)

    assert office.store.get(NOBODY) == OptedOut(subject=NOBODY)


def test_erasing_keeps_the_trail(enrolled: Office) -> None:
    before = enrolled.told()
    enrolled.rights.erase(KLAUS, NOW)

    assert enrolled.told()[: len(before)] == before
    assert enrolled.told()[-1] == "voiceprint_erased"
    assert enrolled.uses.last(KLAUS) is None


# expiry


def test_what_is_in_use_does_not_expire(enrolled: Office) -> None:
    enrolled.uses.note(KLAUS, NOW + 29 * DAY)

    assert enrolled.rights.expire(NOW + 58 * DAY) == ()
    assert has_print(enrolled)


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (30, False)])
def test_what_nobody_used_for_its_time_is_destroyed(
    enrolled: Office, days: int, is_kept: bool
) -> None:
    gone = enrolled.rights.expire(NOW + days * DAY)

    assert has_print(enrolled) is is_kept
    assert [receipt.subject for receipt in gone] == ([] if is_kept else [KLAUS])
    assert ("voiceprint_expired" in enrolled.told()) is not is_kept


def test_a_voiceprint_goes_with_its_consent_however_often_it_is_used(enrolled: Office) -> None:
    enrolled.uses.note(KLAUS, NOW + 99 * DAY)

    assert enrolled.rights.expire(NOW + 99 * DAY) == ()
    assert [receipt.what for receipt in enrolled.rights.expire(NOW + 100 * DAY)] == [
        ("voiceprint",)
    ]


def test_what_has_expired_is_destroyed_once(enrolled: Office) -> None:
    enrolled.rights.expire(NOW + 200 * DAY)
    told = enrolled.told()

    assert enrolled.rights.expire(NOW + 201 * DAY) == ()
    assert enrolled.told() == told


def test_a_voiceprint_from_before_there_was_a_record_of_uses_is_found_by_its_subject(
    office: Office, voiceprint: Voiceprint
) -> None:
    office.store.put(replace(voiceprint, enrolled_at=NOW))

    assert office.rights.expire(NOW + 31 * DAY) == ()
    assert office.rights.expire(NOW, known=[KLAUS, NOBODY]) == ()
    assert office.uses.last(KLAUS) == NOW
    assert office.uses.last(NOBODY) is None
    assert len(office.rights.expire(NOW + 31 * DAY)) == 1


# export


def test_an_unknown_subject_is_exported_as_one_of_whom_nothing_is_held(office: Office) -> None:
    found = export_subject(NOBODY, rights=office.rights, trail=office.audit, attempts=(), now=NOW)

    assert (found.status, found.voiceprint, found.consents) == ("not_enrolled", None, ())
    assert [part.kind for part in found.audit] == ["exported", "voiceprint_read"]


def test_everything_held_is_exported_and_the_vector_is_not(enrolled: Office) -> None:
    found = export_subject(
        KLAUS,
        rights=enrolled.rights,
        trail=enrolled.audit,
        attempts=(FAILED_TWICE,),
        now=NOW,
    )

    assert (found.subject, found.status, found.made_at) == ("s-1", "enrolled", NOW)
    assert found.attempts == (FAILED_TWICE,)
    assert [(part.purpose, part.granted, part.channel) for part in found.consents] == [
        ("recognition", True, "phone")
    ]
    assert found.voiceprint is not None
    assert found.voiceprint.template is None
    assert (
        found.voiceprint.enrolled_at,
        found.voiceprint.last_used_at,
        found.voiceprint.expires_at,
        found.voiceprint.net_speech_ms,
        found.voiceprint.recordings,
    ) == (NOW, NOW, NOW + 30 * DAY, 12_000, 3)
    assert [part.kind for part in found.audit][-3:] == ["exported", *["voiceprint_read"] * 2]


def test_the_vector_is_exported_where_it_is_asked_for(enrolled: Office) -> None:
    found = export_subject(
        KLAUS,
        rights=enrolled.rights,
        trail=enrolled.audit,
        attempts=(),
        now=NOW,
        with_template=True,
    )

    assert found.voiceprint is not None
    assert found.voiceprint.template is not None
    assert len(found.voiceprint.template) > 20
    assert found.voiceprint.template not in repr(found)
    (told,) = [part for part in found.audit if part.kind == "exported"]
    assert told.details == {"template": "included"}


def test_nothing_in_the_trail_names_the_subject_or_holds_a_vector(enrolled: Office) -> None:
    enrolled.rights.erase(KLAUS, NOW)

    entries = list(enrolled.audit.entries())
    assert len(entries) > 3
    assert all("s-1" not in repr(entry) for entry in entries)
