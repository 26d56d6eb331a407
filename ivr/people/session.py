"""Sessions of people who signed in; the browser holds a secret, we hold its digest."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from ivr.people.person import PersonId

_SECRET_BYTES = 32
_LONGEST = 64
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """From signing in to signing out."""

    digest: bytes = field(repr=False)
    """SHA-256 of the secret; of 256 random bits, so that no salt is needed."""

    person: PersonId
    epoch: int
    """Of the account, when it began."""

    began_at: datetime
    """Aware, UTC, as below."""

    seen_at: datetime
    """When somebody did something last; what pages ask by themselves does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """How long a session lasts."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)


class Sessions(Protocol):
    """Every thread and process may use it. Methods raise StoreUnavailable."""

    def open(self, session: Session) -> None: ...

    def find(self, digest: bytes) -> Session | None: ...

    def touch(self, digest: bytes, now: datetime) -> None:
        """Somebody did something."""

    def end(self, digest: bytes) -> bool:
        """False where there was none."""

    def end_all(self, person: PersonId) -> int:
        """How many there were."""

    def expire(self, *, began_before: datetime, seen_before: datetime) -> int:
        """Forget those; how many there were."""


def new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest_of(secret: str) -> bytes | None:
    """What a session is found by; None for what cannot be its secret."""
    if not secret or len(secret) > _LONGEST or not secret.isascii():
        return None
    return hashlib.sha256(secret.encode()).digest()


def form_token(secret: str) -> str:
    """What forms of this session carry. Whoever reads it does not know the secret."""
    return hmac.new(secret.encode(), b"forms", hashlib.sha256).hexdigest()


def is_form_token(shown: str, secret: str) -> bool:
    """In the same time whatever is shown."""
    return hmac.compare_digest(shown.encode(), form_token(secret).encode())


def is_over(session: Session, limits: SessionLimits, now: datetime) -> bool:
    return now >= min(session.seen_at + limits.idle, session.began_at + limits.longest)


def must_touch(session: Session, now: datetime) -> bool:
    """Not with every click: a minute is fine enough."""
    return now - session.seen_at >= _TOUCH_EVERY
