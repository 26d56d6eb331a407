"""What is kept for the people who take calls."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSettings:
    """What is kept for the people who take calls."""

    keep_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 24
    """After so many hours what was said is forgotten, whether or not somebody took the call."""

    most_earlier: Annotated[int, Field(ge=0, le=50)] = 5
    """Calls before this one that a person is told of."""
