"""The one object that a turn answers, on the command line and over HTTP alike."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, assert_never

from biometrics import Verdict
from ivr.call import (
    Action,
    Ask,
    Caller,
    CallerNumber,
    CallId,
    HangUp,
    Intent,
    OutOfScope,
    PhoneNumber,
    Queue,
    Say,
    Several,
    Transcript,
    Transfer,
    Understanding,
    Unheard,
    Unknown,
    Unsure,
)

ActionType = Literal["say", "ask", "queue", "transfer", "hangup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerPart:
    """Whose number it is. It is no proof of who is calling."""

    number: str | None
    """E.164; null when withheld or malformed."""

    known: bool
    customer_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPart:
    """What the voice proved."""

    decision: str
    score: float | None
    """Cosine."""

    llr: float | None
    """Natural-log likelihood ratio."""

    threshold: float | None
    """The llr from which a voice is accepted."""

    net_speech_ms: int
    encoder: str | None
    reasons: list[str]

    incremental_score: float | None = None
    """Of the latest stretch of speech by itself; score and llr are of all that was joined."""

    incremental_llr: float | None = None

    quality: list[str] = field(default_factory=list)
    """Codes of what is wrong with the sound, such as too_quiet or several_voices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPart:
    """What was said; text is empty when nothing was heard."""

    text: str
    language: str
    confidence: float
    engine: str | None
    fallback: str = ""
    """Why not the preferred engine answered, such as busy or late; empty where it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentPart:
    """What is wanted; name is null when nothing was understood."""

    name: str | None
    confidence: float
    slots: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPart:
    """What the gateway is to do."""

    type: ActionType
    prompt: str
    queue: str | None
    priority: int | None
    """0 to 100, higher is sooner."""

    context_token: str | None
    """Opaque; names this call to the person who takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingsPart:
    """Milliseconds in each room. Verifying and transcribing overlap: total is under the sum."""

    listen: int = 0
    verify: int = 0
    transcribe: int = 0
    understand: int = 0
    decide: int = 0
    serve: int = 0
    speak: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One turn of one call."""

    call_id: str
    caller: CallerPart
    verification: VerificationPart
    transcript: TranscriptPart
    intent: IntentPart
    action: ActionPart
    reasons: list[str]
    timings_ms: TimingsPart


def as_json(result: Result) -> dict[str, Any]:
    """The object as JSON wants it."""
    return asdict(result)


def as_flat(result: Result) -> dict[str, str]:
    """The object as flat keys such as action_type, for gateways that cannot read JSON.

    Lists are joined by "; ", what is null is left empty, truth is 1 or 0.
    """
    return dict(_flattened("", asdict(result)))


def _flattened(prefix: str, value: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - JSON
    match value:
        case dict():
            inner = prefix and prefix + "_"
            return [pair for key in value for pair in _flattened(inner + key, value[key])]
        case list():
            return [(prefix, "; ".join(map(str, value)))]
        case bool():
            return [(prefix, str(int(value)))]
        case None:
            return [(prefix, "")]
        case _:
            return [(prefix, str(value))]


def caller_part(number: CallerNumber, caller: Caller | Unknown) -> CallerPart:
    known = isinstance(caller, Caller)
    return CallerPart(
        number=number.e164 if isinstance(number, PhoneNumber) else None,
        known=known,
        customer_id=caller.customer_id if isinstance(caller, Caller) else None,
    )


def verification_part(verdict: Verdict) -> VerificationPart:
    latest = verdict.incremental
    return VerificationPart(
        decision=verdict.outcome.value,
        score=_rounded(verdict.score, 3),
        llr=_rounded(verdict.llr, 2),
        threshold=_rounded(verdict.threshold, 2),
        net_speech_ms=verdict.net_speech_ms,
        encoder=verdict.encoder,
        reasons=list(verdict.reasons),
        incremental_score=_rounded(latest.score, 3) if latest else None,
        incremental_llr=_rounded(latest.llr, 2) if latest else None,
        quality=[poor.code.value for poor in verdict.poor],
    )


def transcript_part(heard: Transcript | Unheard, spoken_to_in: str) -> TranscriptPart:
    if isinstance(heard, Unheard):
        return TranscriptPart(text="", language=spoken_to_in, confidence=0.0, engine=None)
    return TranscriptPart(
        text=heard.text,
        language=heard.language.value,
        confidence=round(heard.confidence, 3),
        engine=heard.engine,
        fallback=heard.fallback,
    )


def intent_part(meaning: Understanding | None) -> IntentPart:
    match meaning:
        case Intent():
            return IntentPart(
                name=meaning.name,
                confidence=round(meaning.confidence, 3),
                slots=dict(meaning.slots),
            )
        case Unsure():
            return intent_part(meaning.first)
        case Several():
            return intent_part(meaning.intents[0])
        case OutOfScope():
            return IntentPart(
                name="out_of_scope", confidence=round(meaning.confidence, 3), slots={}
            )
        case None:
            return IntentPart(name=None, confidence=0.0, slots={})
        case other:
            assert_never(other)


def action_part(action: Action, prompt: str) -> ActionPart:
    """The action with its spoken words; whoever is handed on gets a token nobody can guess."""
    match action:
        case Say():
            return _talk("say", prompt)
        case Ask():
            return _talk("ask", prompt)
        case HangUp():
            return _talk("hangup", prompt)
        case Queue() | Transfer():
            return ActionPart(
                type="queue" if isinstance(action, Queue) else "transfer",
                prompt=prompt,
                queue=action.queue,
                priority=action.priority,
                context_token=secrets.token_urlsafe(16),
            )
        case other:
            assert_never(other)


def _talk(kind: ActionType, prompt: str) -> ActionPart:
    return ActionPart(type=kind, prompt=prompt, queue=None, priority=None, context_token=None)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def new_call_id() -> CallId:
    """An id for a call whose gateway gave none."""
    return CallId(secrets.token_urlsafe(12))
