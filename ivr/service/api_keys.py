"""Keys that gateways and people's tools show: what each may do, and until when."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, Protocol

KeyId = NewType("KeyId", str)
"""Names a key in lists and logs; it opens nothing."""


class Scope(StrEnum):
    """What a key opens."""

    CALLS = "calls"
    """Calls, turn by turn."""

    ENROLMENT = "enrolment"
    """Recordings of subjects' voices."""

    SUBJECTS = "subjects"
    """What people may ask about their voice."""

    GATEWAYS = "gateways"
    """Sound of live calls, and what dialplans tell and ask about them."""

    CONTEXT = "context"
    """What is known of a call that was handed over: a person's data."""

    METRICS = "metrics"
    """Figures of how the service fares; they name nobody."""

    OPERATOR = "operator"
    """How the service stands, what it describes of itself, and everything without a scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key; of its secret only the SHA-256 is kept.

    The secret has 256 random bits, so that nobody finds it from its digest, and no salt is needed.
    """

    id: KeyId
    name: str
    """Who uses it, such as pbx-1. A key that takes another's place has the same name."""

    scopes: frozenset[Scope]
    digest: bytes = field(repr=False)
    made_at: datetime
    """Aware, as the times below."""

    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used: date | None = None
    """A day, in UTC: nothing finer is kept."""

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class ApiKeys(Protocol):
    """Shared by every thread and process. Every method raises StoreUnavailable when it cannot."""

    def find(self, digest: bytes) -> ApiKey | None:
        """By the digest of its secret."""

    def all(self) -> tuple[ApiKey, ...]:
        """The oldest first."""

    def add(self, key: ApiKey) -> bool:
        """False where its id or secret is there already; then nothing was changed."""

    def replace(self, before: ApiKey, after: ApiKey) -> bool:
        """Change when a key ends; False where it does not stand as in `before`."""

    def note_use(self, key: KeyId, day: date) -> None:
        """Written once a day at most."""
