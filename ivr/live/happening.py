"""What happens in a live call, for whoever watches one: simulators, the page to try it, figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ivr.result import Result

Told = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One moment of a call."""

    at_ms: int
    """Since the call began."""

    kind: str
    """prompt_begins, prompt_ends, prompt_pauses, prompt_resumes, speech_begins, speech_ends,
    partial, turn_ends, heard, verdict, answer, filler, barge_in, echo, key, no_input,
    hung_up or ended."""

    told: Mapping[str, Told] = field(default_factory=dict, repr=False)


Watch = Callable[[Happening], object]
"""Told of everything at once; must neither fail nor take long."""


class Tell(Protocol):
    """Tells of one moment."""

    def __call__(self, kind: str, **told: Told) -> None: ...


def nobody(_: Happening) -> None:
    """Watches nothing."""


def told_of(result: Result) -> tuple[tuple[str, Mapping[str, Told]], ...]:
    """What an answer tells whoever watches, kind by kind."""
    heard, voice, action = result.transcript, result.verification, result.action
    return (
        ("heard", {"text": heard.text, "language": heard.language, "engine": heard.engine or ""}),
        ("verdict", {"decision": voice.decision, "llr": voice.llr or 0.0}),
        (
            "answer",
            {
                "intent": result.intent.name or "",
                "action": action.type,
                "prompt": action.prompt,
                "queue": action.queue or "",
                "priority": action.priority or 0,
                "reasons": ", ".join(result.reasons),
                "think_ms": result.timings_ms.total,
                "fallback": heard.fallback,
            },
        ),
    )
