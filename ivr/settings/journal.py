"""What is kept of calls that are over, and how figures are made of it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSettings:
    """What is kept of calls that are over, and how figures are made of it."""

    keep_days: Annotated[int, Field(ge=1)] = 365
    """After so many days a record is deleted."""

    identification_by_questions_s: Annotated[int, Field(ge=0, le=600)] = 45
    """What it takes a person to identify one caller by questions. An assumption: time your own."""

    answer_within_s: Annotated[int, Field(ge=1, le=3_600)] = 20
    """A caller who is taken sooner was served in time."""

    rise_weeks: Annotated[int, Field(ge=3, le=52)] = 8
    """So many weeks before tell how often a topic is usual at an hour of a weekday."""

    rise_least_calls: Annotated[int, Field(ge=2)] = 5
    """A topic with fewer calls is no rise, whatever is usual."""

    rise_false_share: Annotated[float, Field(gt=0, lt=1)] = 0.001
    """Share of false ones that is borne among the topics that are flagged at one look."""

    drift_reference_weeks: Annotated[int, Field(ge=1, le=52)] = 4
    """Scores of accepted voices are compared with those of the first so many weeks of a figure."""
