"""Callers who wait for a person."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """Callers who wait for a person."""

    file: Path | None = None
    """A file of queues in place of the one in the package."""

    points_per_minute: Annotated[float, Field(ge=0.1, le=60)] = 2.0
    """What waiting adds to a priority: after 20 minutes 50 is as far as 90 that has just come."""

    lease_s: Annotated[int, Field(ge=15, le=3_600)] = 120
    """A claim is given back when its claimant was not heard of for so long."""

    longest_call_min: Annotated[int, Field(ge=30, le=1_440)] = 240
    """A connected call of which nobody tells the end counts as over after it."""

    keep_days: Annotated[int, Field(ge=1, le=365)] = 7
    """So long it is kept who waited for how long; nothing in it names anybody."""

    wait_costs: Literal["unsaid", "free", "fixed_price"] = "free"
    """What callers are told of the price of waiting (§ 115 TKG)."""

    tell_position: bool = False
    """Callers are told how many are before them, beside how long it will be."""

    offer_call_back_after_min: Annotated[int, Field(ge=0, le=120)] = 5
    """From this waiting time on a call-back is offered that keeps the place; 0 offers none."""

    seen_lately_min: Annotated[int, Field(ge=1, le=120)] = 15
    """Whoever took or finished a call in so many minutes is at work."""
