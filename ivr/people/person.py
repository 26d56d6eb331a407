"""Somebody with an account, and what the role lets them do."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from ivr.call import Language

PersonId = NewType("PersonId", str)
"""The name they sign in with: 2 to 32 of a-z, 0-9, dot and hyphen, a letter first. It is a code
that the audit trail names, and so should be no full name."""


class Role(StrEnum):
    """Least data for each."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    PRIVACY = "privacy"
    """The data-protection officer."""

    ADMIN = "admin"


class May(StrEnum):
    """What a page or a button needs."""

    TAKE_CALLS = "take_calls"
    """Claim, transfer, finish; sees the context of what they claimed."""

    SEE_QUEUE = "see_queue"
    """Who waits, without who they are."""

    LISTEN_IN = "listen_in"
    """Live calls with their timeline; codes, no words."""

    SEE_FIGURES = "see_figures"
    REVIEW = "review"
    """Sentences that were not understood; masked."""

    EDIT = "edit"
    """Intents, prompts, rules."""

    SEE_AUDIT = "see_audit"
    SEE_REFUSED = "see_refused"
    """Enrolments that were refused, spoof and lock-out events."""

    MANAGE_PEOPLE = "manage_people"


ROLES: dict[Role, frozenset[May]] = {
    Role.AGENT: frozenset({May.TAKE_CALLS, May.SEE_QUEUE}),
    Role.SUPERVISOR: frozenset(
        {May.TAKE_CALLS, May.SEE_QUEUE, May.LISTEN_IN, May.SEE_FIGURES, May.REVIEW, May.EDIT}
    ),
    Role.PRIVACY: frozenset({May.SEE_FIGURES, May.SEE_AUDIT, May.SEE_REFUSED}),
    Role.ADMIN: frozenset({May.SEE_FIGURES, May.EDIT, May.MANAGE_PEOPLE, May.LISTEN_IN}),
}
"""Administrators see nobody's data; whoever checks on data neither takes calls nor edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account."""

    id: PersonId
    name: str = field(repr=False)
    """As pages show it."""

    role: Role
    language: Language = Language.GERMAN
    queues: frozenset[str] = frozenset()
    """Queues that are served; empty means all."""

    languages: frozenset[Language] = frozenset(Language)
    """Spoken with callers."""

    skills: frozenset[str] = frozenset()
    is_active: bool = True

    def may(self, what: May) -> bool:
        return self.is_active and what in ROLES[self.role]
