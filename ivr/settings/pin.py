"""How strictly PINs are guarded."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class PinSettings:
    """How strictly PINs are guarded."""

    least_digits: Annotated[int, Field(ge=4, le=8)] = 4
    """A new PIN has at least so many; eight are the most."""

    most_wrong: Annotated[int, Field(ge=1, le=5)] = 3
    """Wrong ones in a row, over all calls, after which a person must act."""
