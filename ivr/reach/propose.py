"""Who is contacted about an incident, how and when; or why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.call import Caller, CustomerId
from ivr.reach.agreements import Agreed, Stopped, Wish
from ivr.reach.incident import Incident, IncidentId, Severity
from ivr.reach.mail_address import is_mail_address
from ivr.reach.quiet import earliest_contact
from ivr.settings import ReachSettings

WEEK = timedelta(days=7)


class Channel(StrEnum):
    """How a customer is contacted."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    WEBHOOK = "webhook"
    """Whatever the receiver of webhooks makes of it, such as a message in an app."""


class Refusal(StrEnum):
    """Why a customer is not contacted."""

    NOT_TO_BE_TOLD = "not_to_be_told"
    """The incident is kept for people who work on it."""

    OVER = "over"
    """It is over, or will be before quiet hours are."""

    ALREADY_TOLD = "already_told"
    STOPPED = "stopped"
    """The customer does not want to be contacted."""

    NO_CONSENT = "no_consent"
    NO_CHANNEL = "no_channel"
    """The customer prefers none, or none that there is."""

    NO_ADDRESS = "no_address"
    """E-mail is preferred, and the directory holds no address of it."""

    ENOUGH_THIS_WEEK = "enough_this_week"
    UNKNOWN_CUSTOMER = "unknown_customer"
    """The directory does not know the customer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A customer could be contacted. What is said follows the incident at that time."""

    incident: IncidentId
    customer: CustomerId
    channel: Channel
    earliest: datetime
    """Aware; not in quiet hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A customer is concerned and not contacted."""

    customer: CustomerId
    reason: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What happened between us and a customer so far."""

    wish: Wish | None
    is_told: bool
    """This incident was told or proposed before."""

    contacts: int
    """In the last seven days, those that are waiting among them."""


def propose(
    incident: Incident, caller: Caller, standing: Standing, settings: ReachSettings, now: datetime
) -> Proposal | Refused:
    """Deny by default: only customers who agreed, or whose own contract it is about, are told."""
    earliest = earliest_for(incident, settings, now)
    channel = channel_of(caller, settings)
    reason = why_not(incident, caller, standing.wish, settings, earliest)
    if reason is None and standing.is_told:
        reason = Refusal.ALREADY_TOLD
    if reason is None and standing.contacts >= settings.contacts_per_week:
        reason = Refusal.ENOUGH_THIS_WEEK
    if reason is not None or channel is None:
        return Refused(customer=caller.customer_id, reason=reason or Refusal.NO_CHANNEL)
    return Proposal(
        incident=incident.id, customer=caller.customer_id, channel=channel, earliest=earliest
    )


def why_not(
    incident: Incident, caller: Caller, wish: Wish | None, settings: ReachSettings, at: datetime
) -> Refusal | None:
    """What forbids to contact the customer `at` a time; asked again before a message goes out."""
    if not incident.may_mention:
        return Refusal.NOT_TO_BE_TOLD
    if at >= incident.ends_at:
        return Refusal.OVER
    if isinstance(wish, Stopped):
        return Refusal.STOPPED
    if not isinstance(wish, Agreed) and not (settings.contract_notice and incident.is_of_contract):
        return Refusal.NO_CONSENT
    channel = channel_of(caller, settings)
    if channel is None:
        return Refusal.NO_CHANNEL
    if channel is Channel.EMAIL and not is_mail_address(mail_address_of(caller)):
        return Refusal.NO_ADDRESS
    return None


def earliest_for(incident: Incident, settings: ReachSettings, now: datetime) -> datetime:
    """The next time at which it may be told; what is urgent waits for nothing."""
    begin = max(now, incident.starts_at)
    if incident.severity is Severity.URGENT:
        return begin
    return earliest_contact(begin, settings)


def channel_of(caller: Caller, settings: ReachSettings) -> Channel | None:
    """How the customer wants to be contacted; None where they do not, or nobody knows."""
    wanted = caller.preferences.get("channel", settings.default_channel)
    return next((channel for channel in Channel if channel == wanted.strip().lower()), None)


def mail_address_of(caller: Caller) -> str:
    return caller.preferences.get("email", "").strip()
