"""Sending links: each request has one link, and each message a new code."""

import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from biometrics import AuditKind, StoreUnavailable, Witness
from ivr.call import CustomerId, Language
from ivr.onward.carrier import Carried, Carrier, Letter, Place
from ivr.onward.codes import LinkName, code_digest, name_of, new_code, token_of
from ivr.onward.content import Content
from ivr.onward.link import Link, State, is_live, revoked
from ivr.onward.links import Links, changed
from ivr.sending import NotSent, Posted, Sending, Sent
from ivr.settings import OnwardSettings

log = logging.getLogger(__name__)

_MOST_TRIES = 5
_FIRST_WAIT = timedelta(minutes=1)
"""Until a message is tried again, the wait doubling after each."""

_TAKEN_FOR = timedelta(minutes=5)
"""Whoever hands one over for longer has died over it."""

_AT_ONCE = 3
"""So often it is begun again where another process has changed the link meanwhile."""


@dataclass(frozen=True, kw_only=True)
class SendRoom:
    """One a process, shared by every call."""

    links: Links
    carrier: Carrier
    key: Callable[[], bytes]
    """Of tokens and marks. Raises StoreUnavailable."""

    witness: Witness
    settings: OnwardSettings
    hand_over: Callable[[LinkName, datetime], object]
    """Has the message handed over soon, without anybody waiting for it."""

    def post(self, sending: Sending, language: Language, now: datetime) -> Posted:
        """Put a link on its way, or say why not. The code that was told before is good no more."""
        place = self.carrier.place_of(sending.caller)
        if place is None:
            return NotSent.NO_ADDRESS
        try:
            content = _content(sending, language, place)
            return self._posted(content, now.astimezone(UTC))
        except StoreUnavailable:
            log.warning("link not sent")
            return NotSent.UNAVAILABLE

    def revoke(self, request: str, now: datetime) -> None:
        """It was done in the call: nothing is left to do on the page."""
        found = self.links.find(_name(self._token(request)))
        if found is not None:
            changed(self.links, found, lambda one: revoked(one) if is_live(one, now) else None)

    def deliver(self, name: LinkName, now: datetime) -> bool:
        """Hand one message over; whether it is taken, or another process has it."""
        found = self.links.find(name)
        if found is None or found.due_at is None or found.due_at > now:
            return True
        taken = replace(found, due_at=now + _TAKEN_FOR, tries=found.tries + 1)
        ours = self.links.replace(found, taken)
        if ours is None:
            return True
        carried = self.carrier.carry(self._letter(ours))
        return self._settled(ours, carried, now)

    def deliver_due(self, now: datetime) -> int:
        """What was not taken before, or was left by a process that is gone; how many went.

        Raises:
            StoreUnavailable: the links cannot be read.
        """
        return sum(self.deliver(link.name, now) for link in self.links.due(now))

    def mark(self, customer: CustomerId) -> str:
        """What a customer's links are found by; nobody without the key can tell whose they are."""
        return hmac.digest(self.key(), b"mark\0" + customer.encode(), "sha256").hex()

    def _posted(self, content: Content, now: datetime) -> Posted:
        token = self._token(content.request)
        name = _name(token)
        for _ in range(_AT_ONCE):
            found = self.links.find(name)
            if found is not None and found.state is State.USED:
                return NotSent.USED
            if found is not None and found.sends >= self.settings.most_sends:
                return NotSent.ENOUGH
            code = new_code(self.settings.code_digits)
            link = self._fresh(name, code_digest(token, code), content, now)
            self.witness.saw(
                AuditKind.LINK_SENT, content.subject, what=content.intent, way=content.way
            )
            sends = found.sends + 1 if found else 1
            if self.links.replace(found, replace(link, sends=sends)):
                self.hand_over(name, now)
                return Sent(way=content.way, code=code, hours=self.settings.expires_h)
        return NotSent.UNAVAILABLE

    def _fresh(self, name: LinkName, code: str, content: Content, now: datetime) -> Link:
        return Link(
            name=name,
            code=code,
            created_at=now,
            expires_at=now + timedelta(hours=self.settings.expires_h),
            due_at=now,
            mark=self.mark(content.customer),
            content=content,
        )

    def _letter(self, link: Link) -> Letter:
        content = link.content
        told = f"{link.name}:{link.sends}"
        return Letter(
            key=hashlib.sha256(told.encode()).hexdigest()[:32],
            customer=content.customer,
            place=Place(way=content.way, address=content.address),
            language=content.language,
            url=f"{self.settings.url.rstrip('/')}/go/{self._token(content.request)}",
            hours=self.settings.expires_h,
        )

    def _settled(self, link: Link, carried: Carried, now: datetime) -> bool:
        """A message that nobody took is tried again, up to a day's end of its link."""
        may_wait = carried is Carried.NOT_YET and link.tries < _MOST_TRIES
        wait = _FIRST_WAIT * 2 ** (link.tries - 1)
        due_at = now + wait if may_wait else None

        def settled(one: Link) -> Link | None:
            return replace(one, due_at=due_at) if one.tries == link.tries else None

        changed(self.links, link, settled)
        if carried is not Carried.YES:
            log.warning("link not taken", extra={"way": link.content.way.value})
        return carried is Carried.YES

    def _token(self, request: str) -> str:
        return token_of(self.key(), request)


def _name(token: str) -> LinkName:
    name = name_of(token)
    assert name is not None  # noqa: S101 - we made it
    return name


def _content(sending: Sending, language: Language, place: Place) -> Content:
    return Content(
        request=sending.request,
        kind=sending.kind,
        customer=sending.caller.customer_id,
        subject=sending.caller.subject,
        language=language,
        intent=sending.intent,
        slots=sending.slots,
        options=sending.options,
        needs=sending.needs,
        assurance=sending.assurance,
        thread=sending.thread,
        way=place.way,
        address=place.address,
    )
