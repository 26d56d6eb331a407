"""What is kept of sentences that were not understood."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSettings:
    """What is kept of sentences that were not understood."""

    collect: Literal["off", "consented", "all"] = "off"
    """Whose sentences: nobody's, those of customers who agreed to it, or everybody's."""

    keep_days: Annotated[int, Field(ge=1, le=365)] = 30
    """After so many days a sentence is deleted, whether or not somebody looked at it."""

    most_sentences: Annotated[int, Field(ge=1)] = 5_000
    """With so many on the list none is added."""

    least_hearing: Annotated[float, Field(ge=0, le=1)] = 0.55
    """Words heard with less confidence were misheard rather than misunderstood: not kept."""

    worst_loss: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Additions after which the accuracy falls by more than this are refused."""
