"""What a call remembers from turn to turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.call import Event, Expected, Intent, Language, Line
from ivr.errand import Errand, Option
from ivr.sending import Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """We asked whether this is what the caller wants."""

    intent: Intent
    is_personal: bool = False
    """It rests on what we know of the customer, not only on what was said."""

    event: Event | None = None
    """What it was guessed from."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """We asked to type the PIN, to serve this once it is right."""

    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """We asked for what is missing before this can be done."""

    intent: Intent
    slot: str

    earlier: tuple[str, ...] = field(default=(), repr=False)
    """What was said of it so far, where it comes in pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    """We read back what would be done."""

    intent: Intent
    options: tuple[Option, ...] = field(default=(), repr=False)
    """What there was to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picking:
    """We named the ways in which it can be done."""

    intent: Intent
    options: tuple[Option, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """We named a key for each of these intents."""

    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """We told what has happened, and asked whether that is the reason of the call."""

    incident: str
    instead: Intent | None
    """What the caller had asked for."""

    suggested: Intent | None = None
    """What customers usually want then, such as another flight."""


@dataclass(frozen=True, slots=True)
class AnythingElse:
    """We asked whether there is anything else."""


@dataclass(frozen=True, slots=True)
class Rating:
    """We asked how satisfied the caller is, from 1 to 5."""


Pending = (
    Offered
    | Choosing
    | Proving
    | Repeating
    | Typing
    | Filling
    | Confirming
    | Picking
    | Menu
    | Troubled
    | AnythingElse
    | Rating
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that was asked, to come back to."""

    pending: Pending | None
    lines: tuple[Line, ...]
    was_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A call so far."""

    pending: Pending | None = None
    failures: int = 0
    """Turns of the whole call in which nothing was heard or understood."""

    unheard: int = 0
    """Of them, those since this question was asked in which nothing was heard (noinput)."""

    not_understood: int = 0
    """Those in which no answer was heard (nomatch)."""

    is_greeted: bool = False
    """The caller was greeted by name."""

    has_guessed: bool = False
    """A recent event was offered; twice would be pushing."""

    answered: frozenset[str] = frozenset()
    """Requests the machine has answered; who asks again was not helped."""

    done: tuple[Errand, ...] = ()
    """Errands that were run, the latest last."""

    sent: Sending | None = field(default=None, repr=False)
    """What the caller was sent a link to last."""

    later: tuple[Intent, ...] = ()
    """Wishes of the same sentence that are still to come."""

    trail: tuple[Question, ...] = ()
    """Questions asked before this one, the latest last."""

    has_asked_for_speech: bool = False
    """More speech was asked for once; twice would be a nuisance."""

    digits_asked: int = 0
    """How often the caller was asked to repeat digits."""

    has_repeated: bool = False
    """The caller did, in the voice that belongs to the number."""

    pins_asked: int = 0
    """How often the caller was asked for the PIN."""

    has_signs: bool = False
    """Something in the call sounded like a recording or a machine."""

    is_slow: bool = False
    """The caller asked to be spoken to slowly, or needs it."""

    helpless: int = 0
    """Turns in which the caller seemed to need help."""

    refuses_voice: bool = False
    """The caller does not want to be recognised by voice."""

    troubles: frozenset[str] = frozenset()
    """Incidents that the caller has heard about."""

    helped_by: str = ""
    """The incident that was the reason of the call."""

    language: Language | None = None
    """What the caller asked to be spoken to in."""

    last_lines: tuple[Line, ...] = ()
    """What was said last, for callers who want it repeated."""

    question: tuple[Line, ...] = ()
    """How what is pending was asked at first."""

    was_asked_of_proven: bool = False
    """It was asked of a proven voice, and may be asked again of none other."""

    was_proven: bool = False
    """It was said to a proven voice, and may be said again to none other."""

    is_over: bool = False
    """The caller was handed on or said goodbye."""


def expected(dialogue: Dialogue) -> Expected | None:
    """What a bare answer to the question that was asked last would name."""
    match dialogue.pending:
        case Filling(intent=intent, slot=slot, earlier=earlier):
            return Expected(intent=intent.name, slots=(slot,), known=intent.slots, earlier=earlier)
        case Picking(intent=intent, options=options):
            named: Mapping[str, None] = {name: None for one in options for name in one.slots}
            return Expected(intent=intent.name, slots=tuple(named), known=intent.slots)
        case Confirming(intent=intent):
            return Expected(intent=intent.name, slots=(), known=intent.slots)
        case _:
            return None
