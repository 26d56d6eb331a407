from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from ivr.call import Caller, Language
from ivr.reach.agreements import Agreed, MemoryAgreements, Stopped
from ivr.reach.incident import Incident, IncidentId
from ivr.reach.incidents import MemoryIncidents
from ivr.reach.messenger import Delivery, Message
from ivr.reach.outbox import Contact, MemoryOutbox, Status
from ivr.reach.propose import Channel, Proposal
from ivr.reach.send import Post, Sent, send_due
from ivr.settings import ReachSettings

Incidents = Callable[..., Incident]
MINUTE = timedelta(minutes=1)


@dataclass
class FakeMessenger:
    """Answers as it was told to and keeps what it was given."""

    deliveries: list[Delivery] = field(default_factory=list)
    is_idempotent: bool = True
    given: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        self.given.append(message)
        return self.deliveries.pop(0) if self.deliveries else Delivery.SENT


class Crash(BaseException):
    """The process is gone."""


@dataclass
class Office:
    """An outbox with one approved contact of Klaus, and what is around it."""

    post: Post
    messenger: FakeMessenger
    now: datetime

    def send(self) -> Sent:
        return send_due(self.post, lambda: self.now)

    @property
    def contact(self) -> Contact:
        return self.post.outbox.all()[0]


@pytest.fixture
def office(incident: Incidents, klaus: Caller, now: datetime) -> Office:
    messenger, outbox, incidents = FakeMessenger(), MemoryOutbox(), MemoryIncidents()
    agreements = MemoryAgreements()
    agreements.add(Agreed(customer=klaus.customer_id, text="contact-1", at=now))
    incidents.add(incident())
    proposal = Proposal(
        incident=IncidentId("i-1"), customer=klaus.customer_id, channel=Channel.SMS, earliest=now
    )
    outbox.propose([proposal], now)
    outbox.approve(now)
    post = Post(
        outbox=outbox,
        incidents=incidents,
        agreements=agreements,
        caller_of=lambda contact: klaus if contact.customer == klaus.customer_id else None,
        write=written,
        messengers={Channel.SMS: messenger},
        settings=ReachSettings(),
    )
    return Office(post=post, messenger=messenger, now=now)


def written(contact: Contact, incident: Incident, caller: Caller, now: datetime) -> Message:
    return Message(
        key=contact.key,
        incident=incident.id,
        kind=incident.kind,
        customer=caller.customer_id,
        channel=contact.channel,
        language=Language.GERMAN,
        subject="Hinweis",
        text="Eine Störung.",
    )


def test_an_approved_contact_is_made_once(office: Office) -> None:
    assert office.send() == Sent(sent=1)
    assert office.send() == Sent()

    assert [message.key for message in office.messenger.given] == [office.contact.key]
    assert office.contact.status is Status.SENT


def test_whoever_stopped_after_the_approval_is_left_alone(office: Office) -> None:
    customer = office.contact.customer
    office.post.agreements.add(Stopped(customer=customer, at=office.now))

    assert office.send() == Sent(stopped=1)
    assert office.messenger.given == []
    assert (office.contact.status, office.contact.why) == (Status.STOPPED, "stopped")


def test_what_is_over_by_then_is_not_told(office: Office) -> None:
    office.post.incidents.end(IncidentId("i-1"), office.now)

    assert office.send() == Sent(stopped=1)
    assert (office.messenger.given, office.contact.why) == ([], "over")


def test_a_customer_who_is_gone_is_not_contacted(office: Office) -> None:
    office.post = replace(office.post, caller_of=lambda _: None)

    assert office.send() == Sent(stopped=1)
    assert (office.messenger.given, office.contact.why) == ([], "unknown_customer")


def test_an_approval_in_the_evening_waits_for_the_morning(office: Office) -> None:
    office.now += timedelta(hours=9)

    assert office.send() == Sent(later=1)
    assert office.messenger.given == []
    assert office.contact.earliest == datetime.fromisoformat("2026-11-26T08:00+01:00")

    office.now = office.contact.earliest
    assert office.send() == Sent(sent=1)


def test_a_full_week_waits_for_another_day(office: Office) -> None:
    office.post = replace(office.post, settings=ReachSettings(contacts_per_week=0))

    assert office.send() == Sent(later=1)
    assert office.messenger.given == []
    assert office.contact.earliest == office.now + timedelta(days=1)


def test_what_nothing_carries_waits(office: Office) -> None:
    office.post = replace(office.post, messengers={})

    assert office.send() == Sent(without_messenger=1)
    assert office.contact.status is Status.APPROVED


def test_what_is_not_taken_is_tried_again_after_twice_the_wait_until_it_has_failed(
    office: Office,
) -> None:
    office.messenger.deliveries = [Delivery.LATER] * 5
    waits = []
    for _ in range(4):
        assert office.send() == Sent(later=1)
        assert office.send() == Sent()
        waits.append((office.contact.earliest - office.now) // MINUTE)
        office.now = office.contact.earliest

    assert office.send() == Sent(failed=1)
    assert waits == [1, 2, 4, 8]
    assert (office.contact.status, office.contact.why) == (Status.FAILED, "not_taken")
    assert len({message.key for message in office.messenger.given}) == 1


@pytest.mark.parametrize(
    ("delivery", "status", "sent"),
    [
        (Delivery.REFUSED, Status.FAILED, Sent(failed=1)),
        (Delivery.UNSURE, Status.UNSURE, Sent(unsure=1)),
    ],
)
def test_what_is_refused_or_unsure_is_not_tried_again(
    office: Office, delivery: Delivery, status: Status, sent: Sent
) -> None:
    office.messenger.deliveries = [delivery]

    assert office.send() == sent
    office.now += timedelta(hours=1)
    assert office.send() == Sent()
    assert office.contact.status is status


@pytest.mark.parametrize(
    ("is_idempotent", "sent", "status"),
    [(True, Sent(sent=1), Status.SENT), (False, Sent(), Status.UNSURE)],
)
def test_a_crash_loses_nothing_and_sends_nothing_twice(
    office: Office, *, is_idempotent: bool, sent: Sent, status: Status
) -> None:
    """Where the same key arrives once it is handed over again; elsewhere a person looks."""

    def crash(_: Message) -> Delivery:
        raise Crash

    dying = FakeMessenger()
    dying.send = crash  # type: ignore[method-assign]
    alive = replace(office.post)
    office.post = replace(office.post, messengers={Channel.SMS: dying})
    with pytest.raises(Crash):
        office.send()
    office.messenger.is_idempotent = is_idempotent
    office.post = alive

    assert office.send() == Sent()  # perhaps the other one is only slow
    office.now += timedelta(minutes=11)

    assert office.send() == sent
    assert office.contact.status is status
