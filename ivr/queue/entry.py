"""A caller who waits, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from ivr.call import CallId, Language

EntryId = NewType("EntryId", str)
"""Opaque, drawn at random."""

ContextToken = NewType("ContextToken", str)
"""What a gateway and the person's desk know the call by; opaque, drawn at random."""

AgentId = NewType("AgentId", str)
"""Whoever takes calls: a name of the desk's accounts, or what a gateway calls its agent."""


class State(StrEnum):
    """Where a caller is on the way to a person."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """A person has taken the call."""

    CALL_BACK = "call_back"
    """The caller hung up and keeps the place: somebody is to ring back."""

    FINISHED = "finished"
    ABANDONED = "abandoned"
    """Hung up before anybody took the call."""


LIVE = (State.WAITING, State.CALL_BACK)
"""Those who can be claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One caller's place."""

    id: EntryId
    call_id: CallId
    token: ContextToken
    queue: str
    language: Language
    priority: int
    """0 to 100, higher is sooner; before waiting adds to it."""

    reasons: tuple[str, ...]
    """Why this queue and this priority, in codes and short words; nothing that was said."""

    intent: str = ""
    skills: frozenset[str] = frozenset()
    """What somebody needs to take it, beside the language."""

    joined_at: datetime
    """Aware, UTC. Stays the same when the caller is moved or asks to be rung back."""

    state: State = State.WAITING
    claimed_by: AgentId | None = None
    claimed_at: datetime | None = None
    left_at: datetime | None = None
    """When it was finished or abandoned."""

    version: int = 0
    """Grows with every change; whoever changes it names the one they saw."""
