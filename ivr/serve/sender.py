"""How requests reach a business system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Method(StrEnum):
    """What HTTP calls them."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"

    @property
    def is_repeatable(self) -> bool:
        """Sent twice it does no more than once (RFC 9110, 9.2.2)."""
        return self not in (Method.POST, Method.PATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One request, filled in."""

    method: Method
    path: str = field(repr=False)
    """From the business system's address on, percent-encoded, with its query."""

    body: Mapping[str, Any] | None = field(default=None, repr=False)
    key: str = ""
    """Goes along as Idempotency-Key; empty for what changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Empty where no JSON object came."""


class Unanswered(StrEnum):
    """Why nothing came back."""

    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"
    """It was sent, or may have been."""


class Sender(Protocol):
    """A line to one business system. One a process, shared by every thread."""

    def send(self, outgoing: Outgoing, timeout_ms: int) -> Answered | Unanswered: ...
