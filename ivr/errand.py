"""What is done for a caller in a business system, and what comes of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.call import Assurance, CustomerId


class Step(StrEnum):
    """What is wanted of a business system."""

    OPTIONS = "options"
    """Say what there is to choose from; changes nothing."""

    DO = "do"
    UNDO = "undo"
    """Take back what was done under the same key."""

    DOCUMENT = "document"
    """Say what stands on a paper that belongs to it, such as a return label; changes nothing."""


class PageKind(StrEnum):
    """What a caller can be sent a link to."""

    OPTIONS = "options"
    """What there is to choose from."""

    FORM = "form"
    """What is asked for, to be written instead of said."""

    DOCUMENT = "document"
    """Something to print, once it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Something to be done for a caller in a business system."""

    intent: str
    step: Step = Step.DO
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was said, read back and chosen, normalised."""

    customer_id: CustomerId | None
    """Whose business it is; None for what anybody may ask."""

    assurance: Assurance
    """How sure we are of the caller. The business system's door asks for it once more."""

    key: str
    """The same errand under the same key is done once, however often it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The business system did it, or told what was asked."""

    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the prompt may name, such as days: 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several that the business system offers."""

    slots: Mapping[str, str] = field(repr=False)
    """What choosing it means, such as flight: LH453."""

    facts: Mapping[str, str] = field(repr=False)
    """What the prompt names of it, such as departure: 2026-11-26T10:15."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """There is more than one way to do it, and the caller chooses."""

    options: tuple[Option, ...]
    """Best first, one or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The business system understood and said no; nothing was changed."""

    code: str
    """Such as no_such_card; prompts are named by it."""

    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The business system is down or too slow."""

    may_be_done: bool = False
    """The request had been sent: nobody knows yet whether it was done."""


Served = Done | Choices | Declined | Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the dialogue must bring together before an errand can be run."""

    needs: tuple[str, ...] = ()
    """Slots without which it cannot be done, in the order in which they are asked for."""

    is_confirmed: bool = False
    """A mistake costs: it is read back before it is done."""

    has_options: bool = False
    """The business system is asked for options first, and the caller chooses one."""

    can_be_undone: bool = False
    pages: frozenset[PageKind] = frozenset()
    """What of it can be sent as a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One caller's wishes in one call, wherever they are gone on with."""

    name: str = field(repr=False)
    """Nobody outside the call can tell it."""

    again: int = 0
    """How often the same was done in it before."""

    def key(self, intent: str, slots: Mapping[str, str]) -> str:
        """The same wish, wanted once, is one errand: by voice and on the web."""
        told = (f"{name}={slots[name]}" for name in sorted(slots))
        parts = (self.name, str(self.again), intent, *told)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
