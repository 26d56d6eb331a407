"""How often somebody may try to sign in: after some failures the wait grows, and so on."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType, Protocol

TryKey = NewType("TryKey", str)
"""What is counted together, as a digest: no address and no mistyped name is kept."""

FORGET_AFTER = timedelta(days=1)
"""Without a further failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TryRule:
    """When the wait begins, and how far it grows. It doubles from one second on."""

    free: int
    """Failures without a wait."""

    longest: timedelta = timedelta(minutes=15)

    def wait(self, failures: int) -> timedelta:
        """After so many failures in a row."""
        beyond = failures - self.free
        if beyond < 0:
            return timedelta()
        return min(timedelta(seconds=2 ** min(beyond, 30)), self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a key."""

    failures: int
    last_at: datetime
    """Aware, UTC."""


class Tries(Protocol):
    """Shared by threads and processes. Methods raise StoreUnavailable: then nobody may try."""

    def take(self, key: TryKey, rule: TryRule, now: datetime) -> timedelta:
        """Zero where a try may be made now; it counts as failed until it is given back.

        Counting comes first, so that a hundred tries at the same time are not one.
        """

    def give_back(self, key: TryKey) -> None:
        """The try succeeded: it was no failure, while those before it stay."""

    def clear(self, key: TryKey) -> None:
        """Nothing is held against it any more."""


def account_key(name: str) -> TryKey:
    return _key("account", name)


def source_key(source: str) -> TryKey:
    return _key("source", source)


def _key(kind: str, text: str) -> TryKey:
    return TryKey(hashlib.sha256(f"{kind}:{text}".encode()).hexdigest())


def judged(found: Standing | None, rule: TryRule, now: datetime) -> timedelta | Standing:
    """How long to wait; or how it stands with this try in it."""
    if found is None or now - found.last_at >= FORGET_AFTER:
        return Standing(failures=1, last_at=now)
    left = found.last_at + rule.wait(found.failures) - now
    if left > timedelta():
        return left
    return Standing(failures=found.failures + 1, last_at=now)
