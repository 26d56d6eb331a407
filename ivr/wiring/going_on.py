"""Going on by link, put together: what sends them, and what carries the messages."""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.bounds.aside import Aside
from ivr.call import Caller, CustomerId, Language, Line
from ivr.decide.moment import Decision
from ivr.errand import PageKind
from ivr.onward.carrier import Carried, Letter, Place
from ivr.onward.codes import LinkName
from ivr.onward.links import Links
from ivr.onward.page import DONE
from ivr.onward.send import SendRoom
from ivr.reach.incident import IncidentId
from ivr.reach.mail_address import is_mail_address
from ivr.reach.messenger import Delivery, Message, Messenger
from ivr.reach.propose import Channel, channel_of, mail_address_of
from ivr.sending import NotSent, Posted, Sending, Way
from ivr.settings import OnwardSettings, ReachSettings
from ivr.wiring.records import Records
from ivr.wiring.vault_seal import VaultSeal

log = logging.getLogger(__name__)

Write = Callable[[tuple[Line, ...], Language], str]
"""Lines as text."""

_MOST_LINKS = 500

_KIND = "link"
"""What receivers of messages know them by."""

_CHANNELS = {Way.EMAIL: Channel.EMAIL, Way.SMS: Channel.SMS, Way.OTHER: Channel.WEBHOOK}
_WAYS = {channel: way for way, channel in _CHANNELS.items()}

_CARRIED = {
    Delivery.SENT: Carried.YES,
    Delivery.UNSURE: Carried.YES,  # who got none asks for it again
    Delivery.LATER: Carried.NOT_YET,
    Delivery.REFUSED: Carried.NEVER,
}


@dataclass(frozen=True, kw_only=True)
class Post:
    """Carries links the way the customer prefers, or else by e-mail: it was asked for just now.

    It is no contact made unasked, so that neither quiet hours nor a weekly limit hold it up.
    """

    messengers: Mapping[Channel, Messenger]
    settings: ReachSettings
    write: Write

    def place_of(self, caller: Caller) -> Place | None:
        preferred = channel_of(caller, self.settings)
        if preferred in (Channel.SMS, Channel.WEBHOOK) and preferred in self.messengers:
            return Place(way=_WAYS[preferred])
        address = mail_address_of(caller)
        if Channel.EMAIL in self.messengers and is_mail_address(address):
            return Place(way=Way.EMAIL, address=address)
        return None

    def carry(self, letter: Letter) -> Carried:
        channel = _CHANNELS[letter.place.way]
        messenger = self.messengers.get(channel)
        if messenger is None:
            return Carried.NOT_YET
        return _CARRIED[messenger.send(self._message(letter, channel))]

    def _message(self, letter: Letter, channel: Channel) -> Message:
        said = Line(key="link.letter", facts={"url": letter.url, "hours": str(letter.hours)})
        return Message(
            key=letter.key,
            incident=IncidentId(""),
            kind=_KIND,
            customer=letter.customer,
            channel=channel,
            language=letter.language,
            subject=self.write((Line(key="link.subject"),), letter.language),
            text=self.write((said,), letter.language),
            address=letter.place.address,
        )


@dataclass(frozen=True)
class GoingOn:
    """Links in the database of the voiceprints. Made when first needed."""

    settings: OnwardSettings
    engine: Callable[[], Engine]
    vault: Callable[[], Vault]
    records: Callable[[], Records]
    post_office: Callable[[], Post]
    closing: ExitStack

    @property
    def is_on(self) -> bool:
        return self.settings.is_on

    @cached_property
    def links(self) -> Links:
        from ivr.onward.sql_links import SqlLinks

        return SqlLinks(self.engine(), VaultSeal(key=self._key_of("links of calls")))

    @cached_property
    def room(self) -> SendRoom:
        return SendRoom(
            links=self.links,
            carrier=self.post_office(),
            key=lambda: self._key_of("tokens of links"),
            witness=self.records().witness("service"),
            settings=self.settings,
            hand_over=self._hand_over,
        )

    def post(self, sending: Sending, language: Language, now: datetime) -> Posted:
        """Put a link on its way. Trouble is a value."""
        try:
            room = self.room
        except StoreUnavailable:
            log.warning("links cannot be reached")
            return NotSent.UNAVAILABLE
        return room.post(sending, language, now)

    def note(self, decision: Decision, now: datetime) -> None:
        """What was done in the call after it was sent need not be done on the page."""
        dialogue = decision.dialogue
        sent = dialogue.sent
        if sent is None or sent.kind is PageKind.DOCUMENT:
            return
        if sum(one.intent == sent.intent for one in dialogue.done) <= sent.thread.again:
            return
        try:
            self.room.revoke(sent.request, now.astimezone(UTC))
        except StoreUnavailable:
            log.warning("link not revoked")

    def deliver_due(self, now: datetime) -> None:
        """Hand over what waits, and forget what is long over; what fails waits for the next run."""
        if not self.is_on:
            return
        now = now.astimezone(UTC)
        try:
            self.room.deliver_due(now)
            self.links.forget(now - timedelta(days=self.settings.known_days))
        except StoreUnavailable:
            log.warning("links not delivered")

    def done(self, customer: CustomerId) -> Mapping[str, datetime]:
        """Requests that a customer had done by link lately, and when the link was sent.

        Empty where that cannot be read: the worst of it is a question too many.
        """
        if not self.is_on:
            return {}
        try:
            links = self.links.of(self.room.mark(customer))
        except StoreUnavailable:
            log.warning("links cannot be read")
            return {}
        used = [one for one in reversed(links) if one.outcome == DONE]
        return {one.content.intent: one.created_at for one in used}

    def _key_of(self, purpose: str) -> bytes:
        # The records come first: opening them makes the keys where there are none yet.
        self.records()
        return self.vault().common_key(purpose)

    def _hand_over(self, name: LinkName, now: datetime) -> None:
        """On a thread of its own: no caller waits for a mail server."""
        self._courier.do(partial(self.room.deliver, name, now))

    @cached_property
    def _courier(self) -> Aside:
        """What it leaves undone is due, and delivered when it is next looked for."""
        courier = Aside("links", most=_MOST_LINKS)
        self.closing.callback(courier.close)
        return courier
