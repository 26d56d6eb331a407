"""What people say of a call, and where it goes."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from biometrics import (
    AuditKind,
    EncoderId,
    Following,
    Learned,
    MemoryAudit,
    MemoryStore,
    SubjectId,
    Voiceprint,
    Witness,
)
from ivr.call import Caller, CustomerId, Language, PhoneNumber
from ivr.handover.context import Context, Customer, Evidence, Said
from ivr.handover.contexts import Judged, digest
from ivr.handover.feedback import Feedback
from ivr.handover.memory_contexts import MemoryContexts
from ivr.identify.directory import Entry, MemoryDirectory
from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.review.collect import Misunderstood
from ivr.wiring.feedback import Learner

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KLAUS = SubjectId("s-1")
NUMBER = PhoneNumber(e164="+4989123456")
CONTEXT = Context(
    call_id="c-1",
    at=NOW,
    language=Language.GERMAN,
    business="airline",
    number=NUMBER.e164,
    customer=Customer(id=CustomerId("k-1"), name="Klaus", preferences={"review": "yes"}),
    evidence=Evidence(decision="accepted"),
    said=(
        Said(caller="Guten Tag.", machine="Ja?", intent="hello"),
        Said(caller="Mein Koffer fehlt.", machine="Gern.", intent="baggage_allowance"),
    ),
    intent="baggage_allowance",
    queue="senior",
    priority=80,
)
RECORD = CallRecord(
    id=RecordId("r-1"),
    token=digest("token"),
    began_at=NOW,
    ended_at=NOW + timedelta(seconds=30),
    business="airline",
    gateway="rest",
    language="de",
    turns=2,
    unheard=0,
    not_understood=0,
    intents=("baggage_allowance",),
    outcome=Outcome.HANDED_OVER,
)


def print_of(direction: int) -> Voiceprint:
    vector = np.zeros(4, dtype=np.float32)
    vector[direction] = 1
    return Voiceprint(
        subject=KLAUS,
        encoder=EncoderId("e"),
        vector=vector,
        net_speech_ms=10_000,
        recordings=3,
        enrolled_at=NOW,
    )


@dataclass
class Rights:
    store: MemoryStore


@dataclass
class Reviewing:
    told: list[Misunderstood] = field(default_factory=list)

    def misunderstood(self, told: Misunderstood, now: datetime) -> None:
        self.told.append(told)


class Desk:
    """Everything behind a learner, in memory."""

    def __init__(self, context: Context = CONTEXT) -> None:
        self.journal = MemoryJournal()
        self.journal.write(RECORD)
        self.contexts = MemoryContexts(keep=timedelta(hours=24))
        self.contexts.put("token", context)
        self.audit = MemoryAudit()
        self.reviewing = Reviewing()
        caller = Caller(customer_id=CustomerId("k-1"), subject=KLAUS, name="Klaus")
        self.directory = MemoryDirectory([Entry(caller=caller, numbers=(NUMBER,))])
        self.store = MemoryStore()
        self.store.put(print_of(0))
        self.store.learn(KLAUS, _taught)
        reviewing: Any = self.reviewing
        rights: Any = Rights(self.store)
        self.take = Learner(
            journal=lambda: self.journal,
            contexts=lambda: self.contexts,
            directory=lambda: self.directory,
            rights=lambda: rights,
            witness=lambda actor: Witness(audit=self.audit, clock=lambda: NOW, actor=actor),
            reviewing=reviewing,
        )

    def say(self, **said: Any) -> None:
        self.take(Feedback(token_digest=digest("token"), agent="anna", at=NOW, **said))

    @property
    def record(self) -> CallRecord:
        found = self.journal.find(RECORD.id)
        assert found is not None
        return found

    @property
    def has_learned(self) -> bool:
        learned = self.store.learned(KLAUS)
        return learned is not None and not learned.is_empty


def _taught(kept: Learned) -> Learned:
    later = print_of(1).vector
    return Learned(following=Following(original=kept.following.original, later=later, share=0.2))


def test_what_nobody_said_changes_nothing() -> None:
    desk = Desk()
    desk.say()

    assert desk.record == RECORD
    assert desk.has_learned
    assert desk.reviewing.told == []
    assert list(desk.audit.entries()) == []


def test_the_wrong_person_is_written_down_and_taught_nothing() -> None:
    desk = Desk()
    desk.say(person=Judged.WRONG)
    desk.say(person=Judged.WRONG)

    assert desk.record.person_right is False
    assert not desk.has_learned
    found = desk.store.get(KLAUS)
    assert isinstance(found, Voiceprint)
    assert np.array_equal(found.vector, print_of(0).vector)
    first = next(desk.audit.entries())
    assert (first.kind, first.actor) == (AuditKind.CONTEXT_JUDGED, "anna")
    assert first.details == {"person": "wrong", "decision": "accepted"}


def test_who_was_not_accepted_takes_nothing_away() -> None:
    desk = Desk(replace(CONTEXT, evidence=Evidence(decision="inconclusive")))
    desk.say(person=Judged.WRONG)

    assert desk.has_learned


def test_a_number_that_is_somebody_else_s_by_now_takes_nothing_away() -> None:
    other = Customer(id=CustomerId("k-2"), name="Eva")
    desk = Desk(replace(CONTEXT, customer=other))
    desk.say(person=Judged.WRONG)

    assert desk.has_learned


def test_figures_go_to_the_journal() -> None:
    desk = Desk()
    desk.say(
        person=Judged.RIGHT,
        intent=Judged.RIGHT,
        solved=Judged.WRONG,
        waited_ms=4_000,
        handled_ms=90_000,
    )

    record = desk.record
    assert (record.person_right, record.intent_right, record.solved) == (True, True, False)
    assert (record.waited_ms, record.handled_ms) == (4_000, 90_000)
    assert desk.has_learned


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (replace(CONTEXT, customer=None), {}),
        (replace(CONTEXT, customer=Customer(id=CustomerId("k-1"), name="Klaus")), {}),
        (replace(CONTEXT, evidence=Evidence(decision="inconclusive")), {}),
        (CONTEXT, {"person": Judged.WRONG}),
    ],
)
def test_a_sentence_is_taken_for_agreed_only_of_a_proven_customer_who_did(
    context: Context, said: dict[str, Any]
) -> None:
    desk = Desk(context)
    desk.say(intent=Judged.WRONG, **said)

    assert [told.has_agreed for told in desk.reviewing.told] == [False]


def test_a_wrong_request_goes_to_the_review_list_with_what_was_meant() -> None:
    desk = Desk()
    desk.say(intent=Judged.WRONG, meant="baggage_lost")

    (told,) = desk.reviewing.told
    assert told == Misunderstood(
        text="Mein Koffer fehlt.",
        language=Language.GERMAN,
        taken_for="baggage_allowance",
        meant="baggage_lost",
        names=("Klaus",),
        has_agreed=True,
    )


def test_after_the_context_is_gone_the_figures_are_kept_all_the_same() -> None:
    desk = Desk()
    late = Feedback(
        token_digest=digest("token"),
        agent="anna",
        at=NOW + timedelta(days=2),
        person=Judged.WRONG,
    )
    desk.take(late)

    assert desk.record.person_right is False
    assert desk.has_learned
