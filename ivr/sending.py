"""What a caller asked to have sent, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.call import Assurance, Caller
from ivr.errand import Option, PageKind, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A page that a proven caller wants a link to."""

    request: str
    """The same request has the same link, however often it is sent."""

    kind: PageKind
    caller: Caller
    intent: str
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was told or chosen so far."""

    options: tuple[Option, ...] = field(default=(), repr=False)
    """As they were offered in the call."""

    needs: tuple[str, ...] = ()
    """What a form asks for."""

    assurance: Assurance
    """How sure the call was of the caller; the page has no more."""

    thread: Thread


class Way(StrEnum):
    """Where the link goes: only ever to what the directory holds of the customer."""

    EMAIL = "email"
    SMS = "sms"
    OTHER = "other"
    """Whatever else was agreed on with the customer, such as a message in an app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It is on its way."""

    way: Way
    code: str = field(repr=False)
    """Digits that open the page together with the link; told in the call and nowhere else."""

    hours: int
    """So long both are good."""


class NotSent(StrEnum):
    """Why nothing was sent."""

    NO_ADDRESS = "no_address"
    """The directory holds none of the customer, or nothing here sends there."""

    ENOUGH = "enough"
    """It was sent as often as may be."""

    USED = "used"
    """It was done on that page already."""

    UNAVAILABLE = "unavailable"


Posted = Sent | NotSent
