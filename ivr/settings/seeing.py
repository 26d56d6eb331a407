"""What is told of how the service fares."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeingSettings:
    """What is told of how the service fares."""

    metrics: Literal["on", "off"] = "on"
    """Whether figures can be asked for."""

    metrics_port: Annotated[int, Field(ge=0, le=65_535)] = 0
    """Where this machine alone may ask for them without a key; 0 answers them at /metrics of the
    service, to keys of the scope metrics."""

    traces_url: str = field(default="", repr=False)
    """Where spans go by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; empty is nowhere.
    Needs the extra otel."""

    ready_for_s: Annotated[float, Field(ge=0, le=60)] = 2.0
    """So long an answer to /ready is given again before everything is looked at anew."""

    ready_within_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    """Who has not found out by then whether calls can be taken says that they cannot."""
