"""Signing in and out, and who it is that a browser speaks for."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from biometrics import AuditKind, StoreUnavailable, Witness
from ivr.people.account import Account, People
from ivr.people.password import MOST, Hasher, plain
from ivr.people.person import Person, PersonId
from ivr.people.session import (
    Session,
    SessionLimits,
    Sessions,
    digest_of,
    is_over,
    must_touch,
    new_secret,
)
from ivr.people.tries import Tries, TryRule, account_key, source_key

log = logging.getLogger(__name__)

_NOBODY = "nobody"
"""As the trail calls who did not get in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What somebody typed, and from where it came."""

    name: str = field(repr=False)
    password: str = field(repr=False)
    source: str = field(repr=False)
    """An address, or a network of IPv6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Signed in. The secret goes to the browser and is kept nowhere."""

    person: Person
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Not signed in; why is not told, beyond how long to wait."""

    wait_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EntranceRules:
    """How long sessions last, and how often somebody may try."""

    sessions: SessionLimits
    account: TryRule
    source: TryRule


@dataclass(frozen=True)
class Entrance:
    """Every thread may use it. Methods raise StoreUnavailable: then nobody is let in."""

    people: People
    sessions: Sessions
    tries: Tries
    hasher: Hasher
    witness: Callable[[str], Witness]
    """Writes down what the one with this code does."""

    rules: EntranceRules

    def enter(self, tried: SignIn, now: datetime) -> Entered | Refused:
        """A session of their own, where name and password belong together."""
        account = self.prove(tried, now)
        return account if isinstance(account, Refused) else self._open(account, now)

    def prove(self, tried: SignIn, now: datetime) -> Account | Refused:
        """Whose name and password these are, as often as may be tried."""
        wait = self._wait(tried, now)
        if wait > timedelta():
            return Refused(wait_s=math.ceil(wait.total_seconds()))
        account = self._proven(tried)
        if account is None:
            return Refused()
        self.tries.clear(account_key(account.id))
        self.tries.give_back(source_key(tried.source))
        return self._freshly_hashed(account, tried.password)

    def who(self, secret: str, now: datetime, *, is_alive: bool = True) -> Person | None:
        """Who signed in with it; None where that is over. `is_alive` puts its end off."""
        session = self._session(secret)
        if session is None or is_over(session, self.rules.sessions, now):
            return None
        account = self.people.find(session.person)
        if account is None or not account.person.is_active or account.epoch != session.epoch:
            return None
        if is_alive and must_touch(session, now):
            self.sessions.touch(session.digest, now)
        return account.person

    def leave(self, secret: str) -> None:
        """Sign out; twice is as once."""
        session = self._session(secret)
        if session is not None and self.sessions.end(session.digest):
            self.witness(session.person).saw(AuditKind.SIGNED_OUT, None)

    def tidy(self, now: datetime) -> int:
        """Forget sessions that are over; how many."""
        limits = self.rules.sessions
        return self.sessions.expire(
            began_before=now - limits.longest, seen_before=now - limits.idle
        )

    def _wait(self, tried: SignIn, now: datetime) -> timedelta:
        """Who hammers at one account is slowed down too."""
        wait = self.tries.take(source_key(tried.source), self.rules.source, now)
        if wait > timedelta():
            return wait
        return self.tries.take(account_key(tried.name), self.rules.account, now)

    def _proven(self, tried: SignIn) -> Account | None:
        account = self.people.find(PersonId(tried.name))
        hashed = account.hashed if account else self._nobodys
        # Without an account it takes the same time, so that names cannot be told by it.
        fits = self.hasher.fits(hashed, plain(tried.password[: MOST + 1]))
        if account is not None and fits and account.person.is_active:
            return account
        # What was typed may be a password in the wrong field: only names of accounts are written.
        whose = account.id if account else "unknown"
        self.witness(_NOBODY).saw(AuditKind.SIGN_IN_FAILED, None, account=whose)
        return None

    def _open(self, account: Account, now: datetime) -> Entered:
        self.witness(account.id).saw(AuditKind.SIGNED_IN, None)
        secret = new_secret()
        digest = digest_of(secret)
        assert digest is not None  # noqa: S101 - we drew it
        self.sessions.open(
            Session(
                digest=digest, person=account.id, epoch=account.epoch, began_at=now, seen_at=now
            )
        )
        return Entered(person=account.person, secret=secret)

    def _freshly_hashed(self, account: Account, password: str) -> Account:
        """Only now the password is known, to be hashed with the parameters of today."""
        if not self.hasher.is_stale(account.hashed):
            return account
        try:
            self.people.change(replace(account, hashed=self.hasher.hashed(plain(password))))
        except StoreUnavailable:
            log.warning("password not hashed anew", extra={"person": account.id})
        return account

    def _session(self, secret: str) -> Session | None:
        digest = digest_of(secret)
        return None if digest is None else self.sessions.find(digest)

    @cached_property
    def _nobodys(self) -> str:
        return self.hasher.hashed(new_secret())
