"""The port to whatever carries a message to a customer."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ivr.call import CustomerId, Language
from ivr.reach.incident import IncidentId
from ivr.reach.propose import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one customer is told. It holds what happened, and nothing from the account."""

    key: str
    """The same message has the same key, however often it is handed over."""

    incident: IncidentId
    kind: str
    """Of the incident, such as outage."""

    customer: CustomerId
    channel: Channel
    language: Language
    subject: str = field(repr=False)
    text: str = field(repr=False)
    address: str = field(default="", repr=False)
    """Where e-mail goes; whoever carries anything else knows the customer."""


class Delivery(StrEnum):
    """What became of a message that was handed over."""

    SENT = "sent"
    LATER = "later"
    """Not taken this time; nothing was sent."""

    REFUSED = "refused"
    """Not taken, and never will be."""

    UNSURE = "unsure"
    """Nobody knows whether it was taken."""


class Messenger(Protocol):
    """Carries messages. Shared by every thread; failures of the other side are values."""

    @property
    def is_idempotent(self) -> bool:
        """A message of the same key that is handed over twice arrives once."""

    def send(self, message: Message) -> Delivery: ...
