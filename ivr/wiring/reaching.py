"""Telling customers first, put together for calls and for the people who decide about it."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine
from ivr.call import Caller, CallerNumber, CustomerId, Language, Line, Unknown
from ivr.decide.dialogue import Dialogue, Troubled
from ivr.decide.moment import Decision
from ivr.errors import UnknownIncident
from ivr.identify.directory import Directory, Entry
from ivr.reach.affected import concerns_customer, concerns_number
from ivr.reach.agreements import Agreed, Agreements, Stopped
from ivr.reach.incident import Incident, IncidentId
from ivr.reach.incidents import NONE_OF_THIS_ID, Incidents
from ivr.reach.messenger import Message, Messenger
from ivr.reach.outbox import Contact, Outbox
from ivr.reach.propose import (
    Channel,
    Proposal,
    Refused,
    Standing,
    mail_address_of,
    propose,
)
from ivr.reach.send import Post, Sent, send_due
from ivr.reach.trouble import Calling, Trouble, known_trouble, told_lines
from ivr.settings import Settings
from ivr.speak.speaker import Speaker
from ivr.wiring.texts import texts_in_use

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What came of proposing contacts about an incident."""

    new: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class Reaching:
    """Incidents and contacts, in the database of the voiceprints. Made when first needed."""

    settings: Settings
    engine: Callable[[], Engine]
    directory: Callable[[], Directory]

    @cached_property
    def incidents(self) -> Incidents:
        from ivr.reach.sql_incidents import SqlIncidents

        return SqlIncidents(self.engine())

    @cached_property
    def agreements(self) -> Agreements:
        from ivr.reach.sql_agreements import SqlAgreements

        return SqlAgreements(self.engine())

    @cached_property
    def outbox(self) -> Outbox:
        from ivr.reach.sql_outbox import SqlOutbox

        return SqlOutbox(self.engine())

    def news(
        self,
        caller: Caller | Unknown,
        number: CallerNumber,
        *,
        is_proven: bool,
        told: Collection[str],
        now: datetime,
    ) -> Trouble | None:
        """What to tell a caller first. Where it cannot be read, the call goes on as any other."""
        calling = Calling(caller=caller, number=number, is_proven=is_proven, told=told)
        try:
            return known_trouble(calling, self.incidents.on(now), now, self.settings.reach.zone)
        except StoreUnavailable:
            log.warning("incidents not read")
            return None

    def note(self, decision: Decision) -> None:
        """Count a call that was told, or that is over with it; a count that fails stops no call."""
        if heard := decision.trouble:
            self._count(heard.incident, is_end=heard.is_end)

    def hung_up(self, dialogue: Dialogue) -> None:
        """Who hangs up on hearing of it was helped as much as who says goodbye first."""
        pending = dialogue.pending
        asked = pending.incident if isinstance(pending, Troubled) else ""
        if incident := dialogue.helped_by or asked:
            self._count(incident, is_end=True)

    def _count(self, incident: str, *, is_end: bool) -> None:
        try:
            count = self.incidents.ended if is_end else self.incidents.heard
            count(IncidentId(incident))
        except StoreUnavailable:
            log.warning("a call of an incident not counted")

    def incident(self, incident: str) -> Incident:
        """The incident of this id.

        Raises:
            UnknownIncident: there is none.
            StoreUnavailable: the store cannot be reached.
        """
        found = self.incidents.find(IncidentId(incident))
        if found is None:
            raise UnknownIncident(NONE_OF_THIS_ID)
        return found

    def propose(self, incident: Incident, now: datetime) -> Proposed:
        """Put a contact for every customer whom it concerns, and who may be told, into the outbox.

        Raises:
            StoreUnavailable: nothing was proposed.
            DirectoryUnavailable: as above.
        """
        told = frozenset(one.customer for one in self.outbox.all(incident.id))
        concerned = [one for one in self.directory().all() if _concerns(incident, one)]
        found = [self._proposal(incident, one.caller, told, now) for one in concerned]
        new = self.outbox.propose([one for one in found if isinstance(one, Proposal)], now)
        if self.settings.reach.approval == "automatic":
            self.outbox.approve(now, incident.id)
        return Proposed(new=new, refused=tuple(one for one in found if isinstance(one, Refused)))

    def send(self) -> Sent:
        """Hand over what is approved and due, and forget what was finished long ago.

        Raises:
            StoreUnavailable: what is not marked as sent is taken up by the next run.
            DirectoryUnavailable: nothing was sent.
        """
        callers = {entry.caller.customer_id: entry.caller for entry in self.directory().all()}
        post = Post(
            outbox=self.outbox,
            incidents=self.incidents,
            agreements=self.agreements,
            caller_of=lambda contact: callers.get(contact.customer),
            write=self._written,
            messengers=self.messengers,
            settings=self.settings.reach,
        )
        sent = send_due(post, _now)
        self.outbox.forget(_now() - timedelta(days=self.settings.reach.keep_days))
        return sent

    def agree(self, customer: str, text: str, now: datetime) -> None:
        """Write down that a customer agrees to be contacted, in which words."""
        self.agreements.add(Agreed(customer=CustomerId(customer), text=text, at=now))

    def stop(self, customer: str, now: datetime) -> int:
        """Leave a customer alone from now on; how many contacts were called off."""
        self.agreements.add(Stopped(customer=CustomerId(customer), at=now))
        return self.outbox.stop(CustomerId(customer), now)

    def text(self, incident: Incident, language: Language, now: datetime) -> str:
        """What customers are told, as a message."""
        happened = told_lines(incident, now, self.settings.reach.zone)
        return self._writer.text((_OPENING, *happened, _CLOSING), language)

    def write(self, lines: tuple[Line, ...], language: Language) -> str:
        """Lines as people read them."""
        return self._writer.text(lines, language)

    @cached_property
    def messengers(self) -> Mapping[Channel, Messenger]:
        """What carries each channel; channels that nothing is set for are missing."""
        from ivr.reach.mail import Mail
        from ivr.reach.webhook import Webhook

        reach = self.settings.reach
        found: dict[Channel, Messenger] = {}
        if reach.webhook_url:
            webhook = Webhook(
                reach.webhook_url,
                secret=reach.webhook_secret or "",
                timeout_s=reach.timeout_s,
                clock=_now,
            )
            found |= dict.fromkeys((Channel.PHONE, Channel.SMS, Channel.WEBHOOK), webhook)
        if reach.mail_host:
            found[Channel.EMAIL] = Mail(reach)
        return found

    def _proposal(
        self, incident: Incident, caller: Caller, told: Collection[CustomerId], now: datetime
    ) -> Proposal | Refused:
        customer = caller.customer_id
        standing = Standing(
            wish=self.agreements.latest(customer),
            is_told=customer in told,
            contacts=self.outbox.recent(customer, now),
        )
        return propose(incident, caller, standing, self.settings.reach, now)

    def _written(
        self, contact: Contact, incident: Incident, caller: Caller, now: datetime
    ) -> Message:
        language = caller.language or Language(self.settings.speak.default_language)
        is_mail = contact.channel is Channel.EMAIL
        return Message(
            key=contact.key,
            incident=incident.id,
            kind=incident.kind,
            customer=contact.customer,
            channel=contact.channel,
            language=language,
            subject=self._writer.text((_SUBJECT,), language),
            text=self.text(incident, language, now),
            address=mail_address_of(caller) if is_mail else "",
        )

    @cached_property
    def _writer(self) -> Speaker:
        """Writes, and has no voice."""
        return Speaker({}, texts_in_use(self.settings).prompts(), None, self.settings.speak)


def _now() -> datetime:
    return datetime.now(UTC)


def reaching_from_environment() -> Reaching:
    """What `IVR_*` variables describe; loads no models."""
    from ivr.wiring.house import House

    house = House.from_environment()
    return Reaching(house.settings, lambda: house.voices.engine, lambda: house.directory)


_SUBJECT = Line(key="contact.subject")
_OPENING = Line(key="contact.opening")
_CLOSING = Line(key="contact.closing")


def _concerns(incident: Incident, entry: Entry) -> bool:
    return concerns_customer(incident, entry.caller) or any(
        concerns_number(incident, number) for number in entry.numbers
    )
