"""Models that several workers share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

_Many = Annotated[int, Field(ge=1, le=256)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """Where the models are asked that several workers share, and how many of them there are."""

    address: str = ""
    """Host and port of the Ray cluster, such as 10.0.0.7:6379; empty: every worker loads models of
    its own. Needs the extra ray."""

    token_file: Path | None = None
    """Holds what workers and pool show each other; empty is `pool.token` in IVR_HOME. Whoever has
    it can run anything on every machine of the pool."""

    or_local: bool = False
    """Load the models here too, when the service starts, and ask them where the pool fails."""

    request_ms: Annotated[int, Field(ge=1, le=600_000)] = 3_000
    """So long one answer is waited for; less than IVR_DEADLINES__VERIFY_MS, or the local models
    come too late."""

    start_s: Annotated[float, Field(gt=0, le=600)] = 180
    """So long the models may take to be there when the pool starts."""

    encoders: _Many = 1
    """Copies of the voice encoder in the pool."""

    encoder_threads: _Many = 1
    recognisers: _Many = 1
    """Copies of the speech recogniser in the pool."""

    recogniser_threads: _Many = 1
    most_waiting: _Many = 8
    """Requests of one worker, of each kind, that wait for a copy that is free; more is refused."""
