"""Everything that is known about a call, for whoever takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from biometrics import SubjectId
from ivr.call import CustomerId, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How sure we are of the caller, and why. Never a bare yes."""

    decision: str
    """accepted, rejected, inconclusive, not_enrolled, opted_out, expired or spoof_suspected."""

    score: float | None = None
    """Cosine."""

    llr: float | None = None
    """Natural-log likelihood ratio."""

    threshold: float | None = None
    """The llr from which a voice is accepted."""

    net_speech_ms: int = 0
    has_second_factor: bool = False
    """A PIN was typed, or digits were repeated."""

    reasons: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    """Codes of what sounded like a recording or a machine."""

    quality: tuple[str, ...] = ()
    """Codes of what was poor about the sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn of the conversation."""

    caller: str = field(repr=False)
    """What was heard; empty where nothing was."""

    machine: str = field(repr=False)
    """What was answered."""

    intent: str = ""
    confidence: float = 0.0
    """Of the recogniser, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whose number it is, as far as the directory tells. It is no proof of who is calling."""

    id: CustomerId
    name: str = field(repr=False)
    language: Language | None = None
    age: int | None = field(default=None, repr=False)
    tier: str = "standard"
    is_vulnerable: bool = False
    preferences: Mapping[str, str] = field(default_factory=dict, repr=False)
    events: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    """Recent ones: kind, at (ISO 8601) and their facts."""

    subject: SubjectId | None = None
    """The voice that belongs to them: the audit trail tells of whom something was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A call of the same number before this one."""

    at: datetime
    intent: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One call, as far as the machine got with it."""

    call_id: str
    at: datetime
    """When it was handed over; aware, UTC."""

    language: Language
    business: str
    number: str | None = field(repr=False)
    """E.164; None when withheld or malformed."""

    customer: Customer | None = None
    evidence: Evidence
    said: tuple[Said, ...] = field(repr=False)
    """In order."""

    intent: str = ""
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    tried: tuple[str, ...] = ()
    """What the machine did or answered: names of requests, with how they ended."""

    mood: str = "neutral"
    queue: str
    priority: int
    reasons: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    next_step: str = ""
    """A key of the desk's words: what would help most now."""


def of_somebody_else(context: Context) -> Context:
    """The same call once a person has found that it was not the customer's: nothing of theirs."""
    return replace(
        context,
        number=None,
        customer=None,
        evidence=Evidence(decision="rejected", reasons=("a person says that it is somebody else",)),
        said=tuple(replace(one, machine="") for one in context.said),
        slots={},
        earlier=(),
        next_step="prove_before_anything",
    )
