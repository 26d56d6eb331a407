"""How many turns are taken, and how the service ends."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

_Many = Annotated[int, Field(ge=1)]
_Time = Annotated[float, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettings:
    """How many turns are taken, and how the service ends."""

    most_turns: _Many = 32
    """Turns that are worked on or wait for it, of all calls. One more of a call that comes turn by
    turn is refused, and new streamed calls are: their gateways send them to people."""

    quicker_from: _Many = 12
    """Turns from which the quicker recogniser answers where it has the language."""

    retry_after_s: _Many = 5
    """What a refusal tells gateways that speak HTTP."""

    stuck_turn_s: Annotated[float, Field(gt=0)] = 20
    """A turn that takes longer, for whatever reason, is given up, and its place with it."""

    stuck_call_s: Annotated[float, Field(gt=0)] = 30
    """A streamed call that has stood still for so long is given up."""

    longest_call_s: Annotated[float, Field(gt=0)] = 1_800
    """A streamed call that goes on for longer is handed on to a person."""

    drain_s: _Time = 30
    """How long calls may go on once the service was told to end."""

    drain_least_s: _Time = 2
    """So long `/ready` says so at least, for load balancers to hear of it."""

    farewell_s: _Time = 8
    """For callers to be told, after `drain_s`, that a person takes over."""

    questions_s: _Time = 3
    """For gateways to ask afterwards how their calls ended."""
