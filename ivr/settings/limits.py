"""How much one address may ask for; generous to a busy gateway, not to a flood."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

_More = Annotated[float, Field(gt=0)]
_Many = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """Per source: an IPv4 address, or a /64 network of IPv6. A burst is what may come at once."""

    requests_per_s: _More = 50
    requests_burst: _Many = 300
    calls_per_s: _More = 5
    """Calls that gateways announce by a request of its own."""

    calls_burst: _Many = 60
    handshakes_per_s: _More = 5
    """WebSockets that are opened."""

    handshakes_burst: _Many = 60
    failures_burst: _Many = 10
    """Keys that open nothing, until nothing new is looked at from there."""

    forgive_failure_s: _More = 60
    """One more may be tried after so long."""

    at_once: _Many = 250
    """Requests and WebSockets that are open, and connections."""

    connections: _Many = 2_000
    """Connections of all sources together; one more is not answered."""

    head_s: _More = 10
    """In which a request must have told what is wanted."""

    body_s: _More = 60
    """In which it must have been sent."""

    sources: _Many = 10_000
    """That are remembered; the longest unseen go first."""
