"""The HTTP door."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from ivr.settings.plan import plan_here


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """The HTTP door."""

    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = field(default=None, repr=False)
    """Bearer token that gateways show, which opens everything; `ivr api-keys` makes keys that open
    less. Without either only this machine is listened to."""

    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    """Proxies before us that append whom they heard from to X-Forwarded-For; 0 believes none."""

    tls_certificate: str = ""
    """PEM file with our certificate and those between it and its root; needs `tls_key`."""

    tls_key: str = ""
    """PEM file with the certificate's private key."""

    log_format: Literal["text", "json"] = "text"
    """How lines of the log are written; json is one object a line."""

    workers: int = field(default_factory=lambda: plan_here().turn_workers)
    """Calls that are worked on at the same time. By the number of cores."""

    remember_calls: int = 1_000
    """Calls that stay open for their next turn."""

    remember_enrolments: Annotated[int, Field(ge=1)] = 50
    """Unfinished enrolments whose takes stay in memory, in each process; the oldest go first."""

    enrolment_idle_s: Annotated[int, Field(ge=60)] = 1_800
    """Takes are forgotten so long after the last of them came."""
