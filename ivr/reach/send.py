"""Handing approved contacts over, each of them once."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from ivr.call import Caller
from ivr.reach.agreements import Agreements
from ivr.reach.incident import Incident
from ivr.reach.incidents import Incidents
from ivr.reach.messenger import Delivery, Message, Messenger
from ivr.reach.outbox import Contact, Outbox, Status, Unclaimed
from ivr.reach.propose import Channel, Refusal, earliest_for, why_not
from ivr.settings import ReachSettings

log = logging.getLogger(__name__)

STUCK_AFTER = timedelta(minutes=10)
"""Nobody takes so long to hand one message over: the process that did is gone."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What sending needs."""

    outbox: Outbox
    incidents: Incidents
    agreements: Agreements
    caller_of: Callable[[Contact], Caller | None]
    write: Callable[[Contact, Incident, Caller, datetime], Message]
    messengers: Mapping[Channel, Messenger]
    settings: ReachSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of those that were due."""

    sent: int = 0
    later: int = 0
    """Not taken, or not allowed now: they wait."""

    failed: int = 0
    stopped: int = 0
    unsure: int = 0
    without_messenger: int = 0
    """Nothing is set that carries their channel: they wait."""


def send_due(post: Post, clock: Callable[[], datetime]) -> Sent:
    """Hand over what is approved and due; whatever stops this halfway, the next run goes on.

    Raises:
        StoreUnavailable: the outbox cannot be reached; a message that was being handed over counts
            as stuck later.
    """
    take_up_stuck(post, clock())
    counts = Counter(_handled(post, contact, clock) for contact in post.outbox.due(clock()))
    return Sent(**{field.name: counts[field.name] for field in fields(Sent)})


def take_up_stuck(post: Post, now: datetime) -> None:
    """Contacts of a process that is gone: tried again only where twice arrives once."""
    for contact in post.outbox.stuck(now - STUCK_AFTER):
        messenger = post.messengers.get(contact.channel)
        if messenger is not None and messenger.is_idempotent:
            post.outbox.postpone(contact, now, now)
        elif messenger is not None:
            log.warning("a contact may have been made")
            post.outbox.settle(contact, Status.UNSURE, now, "stuck")


def _handled(post: Post, contact: Contact, clock: Callable[[], datetime]) -> str:
    """Hand one over, and the name of what is counted."""
    messenger = post.messengers.get(contact.channel)
    if messenger is None:
        return "without_messenger"
    now = clock()
    allowed = _still_allowed(post, contact, now)
    if isinstance(allowed, Refusal):
        post.outbox.settle(contact, Status.STOPPED, now, allowed)
        return "stopped"
    incident, caller = allowed
    earliest = earliest_for(incident, post.settings, now)
    if earliest > now:
        post.outbox.postpone(contact, earliest, now)
        return "later"
    ours = post.outbox.claim(contact, now, post.settings.contacts_per_week)
    if isinstance(ours, Unclaimed):
        if ours is Unclaimed.ENOUGH_THIS_WEEK:
            post.outbox.postpone(contact, now + _A_DAY, now)
        return "later"
    delivery = messenger.send(post.write(ours, incident, caller, now))
    return _settled(post, ours, delivery, clock())


def _still_allowed(
    post: Post, contact: Contact, now: datetime
) -> tuple[Incident, Caller] | Refusal:
    """What is told to whom; what was allowed when it was proposed may not be any more."""
    incident, caller = post.incidents.find(contact.incident), post.caller_of(contact)
    if incident is None:
        return Refusal.OVER
    if caller is None:
        return Refusal.UNKNOWN_CUSTOMER
    wish = post.agreements.latest(contact.customer)
    return why_not(incident, caller, wish, post.settings, now) or (incident, caller)


def _settled(post: Post, contact: Contact, delivery: Delivery, now: datetime) -> str:
    match delivery:
        case Delivery.SENT:
            post.outbox.settle(contact, Status.SENT, now)
            return "sent"
        case Delivery.UNSURE:
            post.outbox.settle(contact, Status.UNSURE, now, "no_answer")
            return "unsure"
        case Delivery.LATER if contact.tries < post.settings.most_tries:
            wait_s = post.settings.first_wait_s * 2 ** (contact.tries - 1)
            post.outbox.postpone(contact, now + timedelta(seconds=wait_s), now)
            return "later"
        case Delivery.LATER | Delivery.REFUSED:
            why = "refused" if delivery is Delivery.REFUSED else "not_taken"
            post.outbox.settle(contact, Status.FAILED, now, why)
            return "failed"
