"""How long each part of a turn is waited for; what happens then is in docs/bad-days.md."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

_Ms = Annotated[int, Field(ge=1, le=600_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSettings:
    """Gateways wait for 10 s (jambonz) to 15 s (Twilio) for an answer; the whole turn has less."""

    identify_ms: _Ms = 2_500
    """The directory. Other sources have a patience of their own, which is part of it."""

    verify_ms: _Ms = 4_000
    """The comparison of the voice, beside the words."""

    transcribe_ms: _Ms = 5_000
    """The words of a turn, from when they are asked for."""

    understand_ms: _Ms = 3_000
    serve_ms: _Ms = 6_000
    """The business system, its name looked up included."""

    speak_ms: _Ms = 4_000
    turn_ms: _Ms = 7_500
    """All of it, from the sound to the prompt."""

    apologise_ms: _Ms = 1_000
    """The words for a caller whose turn failed; without them the person comes all the same."""

    hand_over_ms: _Ms = 2_500
    """Writing down what a person is to be told, and the place in the queue."""

    most_hanging: Annotated[int, Field(ge=1)] = 8
    """Pieces of work of one part that were given up and have not come back; with so many of them
    that part is not asked any more until one does."""
