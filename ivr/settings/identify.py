"""Where customers are known beside the directory, and how long callers wait for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifySettings:
    """Where customers are known beside the directory, and how long callers wait for it."""

    sources: Path | None = None
    """What the sources are, as YAML; without it there is the directory only."""

    patience_ms: Annotated[int, Field(ge=0, le=5_000)] = 400
    """So long a turn waits for sources, all of them together; what comes later is for the next."""

    remember: Annotated[int, Field(ge=1)] = 10_000
    """Most answers of each source that are kept in memory."""

    failures_until_pause: Annotated[int, Field(ge=1)] = 5
    """After so many failures in a row a source is left alone."""

    pause_s: Annotated[int, Field(ge=1)] = 30
    """For so long."""

    plain_hosts: str = ""
    """Hosts of your own network that may be spoken to by http, separated by commas."""
