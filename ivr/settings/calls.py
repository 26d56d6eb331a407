"""What workers know together of the calls that go on."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsSettings:
    """What workers know together of the calls that go on."""

    shared: Literal["auto", "on", "off"] = "auto"
    """Whether calls rest in the database between turns, sealed, so that every worker goes on with
    them; auto shares them where the database is PostgreSQL. Off, nothing of a call rests."""

    lease_s: Annotated[float, Field(ge=1, le=60)] = 4.0
    """A worker that is not heard of for so long has died, and its calls go to people."""
