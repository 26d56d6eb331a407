"""One thing that is known of a customer, who said so, and how old it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from biometrics import SubjectId
from ivr.call import CustomerId, Event

DIRECTORY = "directory"
"""How the directory is called among the sources."""

EVENT = "event"
"""The name of facts whose value is an Event; a customer may have many."""

PREFERENCE = "preferences."
"""How the names of preferences begin."""

Value = str | bool | date | Event


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fact:
    """A value with its source and its age. Two of them are told apart by `key`."""

    name: str
    """Such as tier, preferences.seat or event."""

    value: Value = field(repr=False)
    source: str
    fetched_at: datetime
    """When the source was asked; aware, UTC, as are all times."""

    fresh_until: datetime | None = None
    """From then on it is asked for anew; None: it is read afresh each time."""

    as_of: datetime | None = None
    """Since when it holds, where the source says so."""

    valid_until: datetime | None = None
    """Until when it holds, where the source says so."""

    may_mention: bool = False
    """Fit to be mentioned to the customer unasked."""

    @property
    def known_at(self) -> datetime:
        """The moment that says how new it is."""
        return self.as_of or self.fetched_at

    def is_stale(self, now: datetime) -> bool:
        return self.fresh_until is not None and now >= self.fresh_until

    def is_expired(self, now: datetime) -> bool:
        return self.valid_until is not None and now >= self.valid_until

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for facts that say the same from the same source at the same time."""
        times = (self.known_at, self.fetched_at, self.fresh_until, self.valid_until)
        said = (self.name, self.source, text_of(self.value), str(self.may_mention))
        return (*said, *(time.isoformat() if time else "" for time in times))


class Why(StrEnum):
    """Why a source told nothing, as a code."""

    SLOW = "slow"
    """It has not answered yet; what it tells is used from the next turn on."""

    TIMED_OUT = "timed_out"
    DOWN = "down"
    """It cannot be reached, or breaks off."""

    FAILED = "failed"
    """It answers that it cannot."""

    REFUSED = "refused"
    """It does not accept us."""

    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    NOT_AS_DESCRIBED = "not_as_described"
    """Its answer, or a part of it, is of another shape than its description says."""

    AMBIGUOUS = "ambiguous"
    """It knows several customers under this number."""

    OTHER_CUSTOMER = "other_customer"
    """It tells of another customer than the one whose number it is."""

    PAUSED = "paused"
    """It failed so often that it is left alone for a while."""

    BUSY = "busy"
    """As many questions to it are open as may."""

    @property
    def is_outage(self) -> bool:
        """Whether the source itself is in trouble, and not its answer about one customer."""
        return self in (Why.TIMED_OUT, Why.DOWN, Why.FAILED, Why.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a source tells of one customer."""

    customer_id: CustomerId | None = None
    subject: SubjectId | None = field(default=None, repr=False)
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    unread: tuple[str, ...] = ()
    """Names of facts that were there and could not be read."""

    @property
    def identifies(self) -> bool:
        return self.customer_id is not None and self.subject is not None


@dataclass(frozen=True, slots=True)
class Nobody:
    """The source has answered, and knows nobody under this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Nothing is known, not even whether there is anything to know."""

    why: Why


Answer = Told | Nobody | Failed

_TRUTHS = ("is_", "has_", "may_", "needs_")
_MENTIONABLE = frozenset({"name", "language"})


def may_mention(name: str) -> bool:
    """Whether a fact may be mentioned where its description does not say."""
    return name in _MENTIONABLE or name.startswith(PREFERENCE)


def is_truth(name: str) -> bool:
    """Whether a fact of this name is true or false."""
    return name.startswith(_TRUTHS)


def text_of(value: Value) -> str:
    """The value as text; the same for equal values."""
    match value:
        case bool():
            return "true" if value else "false"
        case Event():
            facts = " ".join(f"{name}={value.facts[name]}" for name in sorted(value.facts))
            return f"{value.kind} {value.at.isoformat()} {facts}".rstrip()
        case date():
            return value.isoformat()
        case _:
            return value


def frozen(facts: Mapping[str, str]) -> Mapping[str, str]:
    """A copy that cannot be changed: answers are shared by calls."""
    return MappingProxyType(dict(facts))
