"""Accounts put together: for the pages, and for the operator who makes the first of them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from biometrics import StoreUnavailable, Witness
from biometrics.storage.database import Engine
from ivr.people.account import People
from ivr.people.entrance import Entrance, EntranceRules
from ivr.people.password import Hasher
from ivr.people.presence import Presences
from ivr.people.registry import Registry
from ivr.people.session import SessionLimits, Sessions
from ivr.people.tries import TryRule
from ivr.settings import PagesSettings
from ivr.wiring.records import Records

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PeopleDesk:
    """Accounts in the database of the voiceprints; the audit trail tells what is done with them."""

    settings: PagesSettings
    engine: Callable[[], Engine]
    records: Callable[[], Records]

    @cached_property
    def people(self) -> People:
        from ivr.people.sql_people import SqlPeople

        return SqlPeople(self.engine())

    @cached_property
    def sessions(self) -> Sessions:
        from ivr.people.sql_sessions import SqlSessions

        return SqlSessions(self.engine())

    @cached_property
    def presences(self) -> Presences:
        from ivr.people.sql_presences import SqlPresences

        return SqlPresences(self.engine())

    @cached_property
    def hasher(self) -> Hasher:
        from ivr.people.argon2_hasher import Argon2Hasher

        return Argon2Hasher()

    @cached_property
    def entrance(self) -> Entrance:
        from ivr.people.sql_tries import SqlTries

        return Entrance(
            people=self.people,
            sessions=self.sessions,
            tries=SqlTries(self.engine()),
            hasher=self.hasher,
            witness=self.witness,
            rules=rules_of(self.settings),
        )

    def registry(self, actor: str) -> Registry:
        """For what `actor` does: the id of who signed in, or operator on the command line."""
        return Registry(
            people=self.people,
            sessions=self.sessions,
            hasher=self.hasher,
            witness=self.witness(actor),
        )

    def tidy(self, moment: datetime) -> None:
        """Forget sessions that are over. Never fails."""
        try:
            self.entrance.tidy(moment)
        except StoreUnavailable:
            log.warning("old sessions not forgotten")

    def witness(self, actor: str) -> Witness:
        return self.records().witness(actor)


def rules_of(settings: PagesSettings) -> EntranceRules:
    longest = timedelta(seconds=settings.longest_wait_s)
    return EntranceRules(
        sessions=SessionLimits(
            idle=timedelta(minutes=settings.idle_min), longest=timedelta(hours=settings.longest_h)
        ),
        account=TryRule(free=settings.free_failures, longest=longest),
        source=TryRule(free=settings.free_failures_of_source, longest=longest),
    )
