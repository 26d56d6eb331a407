"""What a call remembers from turn to turn."""

from dataclasses import dataclass

from ivr.call import Intent, Language, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """We asked whether this is what the caller wants."""

    intent: Intent
    is_personal: bool = False
    """It rests on what we know of the customer, not only on what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """We asked which of two the caller wants."""

    first: Intent
    second: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """We asked for more speech, to serve this once the voice is proven."""

    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeating:
    """We asked to repeat digits, to serve this once somebody live has said them."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class AnythingElse:
    """We asked whether there is anything else."""


Pending = Offered | Choosing | Proving | Repeating | AnythingElse


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A call so far."""

    pending: Pending | None = None
    failures: int = 0
    """Turns in which nothing was heard or understood."""

    is_greeted: bool = False
    """The caller was greeted by name."""

    has_guessed: bool = False
    """A recent event was offered; twice would be pushing."""

    answered: frozenset[str] = frozenset()
    """Requests the machine has answered; who asks again was not helped."""

    has_asked_for_speech: bool = False
    """More speech was asked for once; twice would be a nuisance."""

    digits_asked: int = 0
    """How often the caller was asked to repeat digits."""

    has_repeated: bool = False
    """The caller did, in the voice that belongs to the number."""

    has_signs: bool = False
    """Something in the call sounded like a recording or a machine."""

    language: Language | None = None
    """What the caller asked to be spoken to in."""

    last_lines: tuple[Line, ...] = ()
    """What was said last, for callers who want it repeated."""

    was_proven: bool = False
    """It was said to a proven voice, and may be said again to none other."""

    is_over: bool = False
    """The caller was handed on or said goodbye."""
