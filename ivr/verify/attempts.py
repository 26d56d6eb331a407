"""Who may try again: failed verifications are counted, and too many close the door.

Failures in a row are counted of the subject, of the number and of the source. With nothing more,
anybody could shut a customer out by failing a few times under the customer's number. So a way on
which a voice was accepted before - this subject, from this number, through this source - has a
count of its own, which alone decides about calls on it. What strangers do elsewhere does not close
it, and a success on it does not forgive them. OWASP describes the same for passwords, as device
cookies. What cannot be told apart is a stranger who shows the customer's number on the customer's
own way in: there the door closes for both, an agent helps, and `ivr attempts reset` opens it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from biometrics import SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a call comes from, as far as the line tells."""

    number: str | None = field(default=None, repr=False)
    """E.164; None when it is withheld or not a number."""

    source: str | None = None
    """Where the call came in, such as a gateway's name; None when that is not known."""


NOWHERE = Origin()
"""The line tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptKeys:
    """What failures are counted under."""

    subject: SubjectId

    number: str | None = field(default=None, repr=False)
    """As in `Origin`."""

    source: str | None = None
    """As in `Origin`."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Another try may be made now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """No try may be made now."""

    until: datetime | None
    """Aware; None means until a person acts."""

    @property
    def is_disabled(self) -> bool:
        """Waiting does not help."""
        return self.until is None


class Attempts(Protocol):
    """Counts failures. Every method raises StoreUnavailable when it cannot; `now` is aware."""

    def may_try(self, keys: AttemptKeys, now: datetime) -> Allowed | Locked:
        """Asked before anything is compared."""

    def failed(self, keys: AttemptKeys, now: datetime) -> None:
        """A call in which the voice was rejected or suspected of being a copy; once a call."""

    def succeeded(self, keys: AttemptKeys, now: datetime) -> None:
        """The voice was accepted."""


class Kind(StrEnum):
    """What failures are counted of."""

    SUBJECT = "subject"
    NUMBER = "number"
    SOURCE = "source"
    WAY = "way"
    """A voice, a number and a source together, once that voice was accepted from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whom an operator asks about."""

    kind: Kind
    value: str = field(repr=False)
    """The subject's id, the number in E.164, or the source's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one count stands, for operators."""

    kind: Kind
    label: str
    """HMAC of what is counted."""

    failures: int
    permission: Allowed | Locked


class AttemptCounts(Attempts, Protocol):
    """Counts that a person can look into. Every method raises StoreUnavailable when it cannot."""

    def standing(self, whose: Whose, now: datetime) -> tuple[Standing, ...]:
        """The count of whom is named, and those of the ways that belong to them."""

    def closed(self, now: datetime) -> tuple[Standing, ...]:
        """Every count that keeps a door closed."""

    def reset(self, whose: Whose) -> bool:
        """Start what `standing` tells of anew; says whether there was anything."""
