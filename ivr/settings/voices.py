"""Keys of voiceprints, and lists of voices."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySettings:
    """Where the keys of voiceprints are."""

    database: str = field(default="", repr=False)
    """SQLAlchemy address of the keys of subjects; empty means a SQLite file in `home`."""

    file: Path | None = None
    """File of the master key; None means `master.key` in `home`."""

    master: str | None = field(default=None, repr=False)
    """Master key in place of a file; several separated by commas, the first is the current."""

    command: str = ""
    """Command line that wraps and unwraps keys in place of a file, such as the client of a KMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistSettings:
    """Comparing one voice with many; off until somebody has decided that it may be done."""

    enabled: bool = False
    """Lists may be made, filled and searched. What is kept can be shown and destroyed all the same.
    """

    alarms_per_search: Annotated[float, Field(gt=0, lt=1)] = 0.01
    """Share of searches that may alarm for a voice that is on no list; each comparison gets its
    part, so that longer lists are searched more strictly."""

    least_net_ms: Annotated[int, Field(ge=1_500)] = 3_000
    """Speech of a call from which on it is looked for."""

    most_candidates: Annotated[int, Field(ge=1, le=20)] = 5
    """Of one list, the most alike, that a person is shown."""

    unsearched: Literal["person", "tell"] = "person"
    """What becomes of a call whose voice could not be looked for: a person takes it, or it is told
    with the verdict. It never counts as nobody found."""

    index: Literal["exact", "usearch"] = "exact"
    """What finds the nearest voices. Exact compares with every one and misses nobody; usearch looks
    at some, misses some, takes long to build, and is faster from about a million voices on."""

    refresh_s: Annotated[int, Field(ge=1)] = 600
    """Who has enrolled is found as a duplicate after so long at the latest."""
