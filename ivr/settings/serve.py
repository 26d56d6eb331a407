"""Getting things done in a business system."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Getting things done in a business system. Without any of the first three nothing is."""

    url: str = ""
    """Where the business system is: https, or http on this machine or a host of `plain_hosts`."""

    business_file: Path | None = None
    """What it can do, as YAML; without it what the product's file says of the pack's business."""

    demo: bool = False
    """Run the demo back end inside this process and do everything there."""

    plain_hosts: str = ""
    """Hosts of your own network that may be spoken to by http, separated by commas."""

    failures_until_pause: Annotated[int, Field(ge=1)] = 5
    """After so many failures in a row the business system is left alone."""

    pause_s: Annotated[int, Field(ge=1)] = 30
    """For so long."""

    keep_receipts_h: Annotated[int, Field(ge=1)] = 48
    """How long it is remembered which errands were done, in hours."""
