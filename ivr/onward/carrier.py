"""The port to whatever carries a link to a customer."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ivr.call import Caller, CustomerId, Language
from ivr.sending import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where messages to a customer go, of what the directory holds of them."""

    way: Way
    address: str = field(default="", repr=False)
    """Of e-mail; whoever carries anything else knows the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message: the link, and nothing of what is behind it."""

    key: str
    """The same message has the same key, however often it is handed over."""

    customer: CustomerId
    place: Place
    language: Language
    url: str = field(repr=False)
    hours: int
    """So long the link is good."""


class Carried(StrEnum):
    """What became of a letter that was handed over."""

    YES = "yes"
    NOT_YET = "not_yet"
    NEVER = "never"


class Carrier(Protocol):
    """Shared by every thread; failures of the other side are values."""

    def place_of(self, caller: Caller) -> Place | None:
        """None where nothing that is known of the customer is reached from here."""

    def carry(self, letter: Letter) -> Carried: ...
