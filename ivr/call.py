"""What travels from room to room: small values, and nothing that works on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from biometrics import SubjectId

CallId = NewType("CallId", str)
CustomerId = NewType("CustomerId", str)


class Language(StrEnum):
    """The languages that are spoken here."""

    GERMAN = "de"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """A caller id that is a telephone number."""

    e164: str = field(repr=False)
    """Such as +4989123456."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The caller did not show a number."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """What came as caller id is no telephone number."""


CallerNumber = PhoneNumber | Withheld | Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a customer and may be why they call."""

    kind: str
    """Such as flight_cancelled; the policy says which intent it suggests."""

    at: datetime
    """Aware, UTC."""

    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What a prompt may name, such as flight, origin, destination."""

    may_mention: bool = False
    """Fit to be mentioned to the customer unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A customer the directory knows under this number. The number alone proves nothing."""

    customer_id: CustomerId
    subject: SubjectId
    """The voice that belongs to the customer."""

    name: str = field(repr=False)
    """As the greeting says it, such as Klaus."""

    language: Language | None = None
    birth_date: date | None = field(default=None, repr=False)
    tier: str = "standard"
    """Such as standard or vip."""

    is_vulnerable: bool = False
    events: tuple[Event, ...] = ()
    preferences: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the customer asked us to keep in mind, such as seat: aisle or channel: email."""

    missing: tuple[str, ...] = ()
    """Sources of customers that told nothing this time, and why, as codes: `crm: slow`."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody in the directory has this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of one turn."""

    text: str = field(repr=False)
    language: Language
    confidence: float
    """0 to 1."""

    engine: str
    """Which recogniser answered: whisper or vosk."""

    alternatives: tuple[str, ...] = field(default=(), repr=False)
    """Further readings, best first, without `text`."""

    fallback: str = ""
    """Why the preferred recogniser did not answer: load or deadline; empty where it did."""


class Unheard(StrEnum):
    """Why a turn holds no words."""

    SILENCE = "silence"
    NOISE = "noise"
    NOBODY_LISTENED = "nobody_listened"
    """The recogniser is missing, broken or late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What the caller wants, as one of the pack's names."""

    name: str
    confidence: float
    """Calibrated probability, 0 to 1."""

    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Slot name to normalised value, such as flight: LH815."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Two readings are too close to call."""

    first: Intent
    second: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """Nothing this business does."""

    confidence: float
    """Probability of the best intent that was refused, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """More than one wish in one sentence, in the order in which they were said."""

    intents: tuple[Intent, ...]
    """Two or more, none of them twice."""


Understanding = Intent | Unsure | Several | OutOfScope


class Mood(StrEnum):
    """What the words and the voice tell about how the caller fares."""

    NEUTRAL = "neutral"
    UPSET = "upset"
    NEEDS_HELP = "needs_help"
    """Slow, confused, or asking to hear it again."""


class Assurance(StrEnum):
    """How sure we must be of the caller before a request is served, least first."""

    OPEN = "open"
    CALLER_ID = "caller_id"
    VOICE = "voice"
    VOICE_AND_SECOND_FACTOR = "voice_and_second_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What was asked for or is known already, so that a bare answer can be read."""

    intent: str
    slots: tuple[str, ...]
    """Slots that an answer would name."""

    known: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the caller named before and may correct."""

    earlier: tuple[str, ...] = field(default=(), repr=False)
    """What was said of it in the turns before, where it comes in pieces."""


class SlotProblem(StrEnum):
    """Why something that was begun cannot be used yet."""

    WRONG = "wrong"
    """Whole, and its checksum does not agree."""

    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsTold:
    """What an answer told."""

    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    problem: SlotProblem | None = None


class Pinned(StrEnum):
    """What came of a PIN that was typed."""

    PASSED = "passed"
    WRONG = "wrong"
    LOCKED = "locked"
    """Too many wrong ones; a person has to look."""

    NONE_SET = "none_set"
    NOT_ALLOWED = "not_allowed"
    """The voice speaks against the caller: no PIN is tried."""

    UNAVAILABLE = "unavailable"


class Repeated(StrEnum):
    """How a caller repeated the digits that were asked for."""

    PASSED = "passed"
    WRONG_DIGITS = "wrong_digits"
    NO_DIGITS = "no_digits"
    """None were heard, or they can be read in two ways."""

    EXPIRED = "expired"
    VOICE_DOES_NOT_FIT = "voice_does_not_fit"
    """The digits are right; the voice that said them is not proven to be the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to say: the prompt's key and what it names."""

    key: str
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Tell something; the caller may go on."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask something and listen for the answer."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Put the caller into a queue for people."""

    lines: tuple[Line, ...]
    queue: str
    priority: int
    """0 to 100, higher is sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Connect the caller somewhere else at once."""

    lines: tuple[Line, ...]
    queue: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """Say goodbye and end the call."""

    lines: tuple[Line, ...]


Action = Say | Ask | Queue | Transfer | HangUp
