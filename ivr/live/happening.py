"""What happens in a live call, for whoever watches one: simulators, the page to try it, figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

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


def nobody(_: Happening) -> None:
    """Watches nothing."""
