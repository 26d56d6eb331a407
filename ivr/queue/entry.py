"""A caller who waits, and what became of it."""

import hashlib
from dataclasses import dataclass, field
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

OVER = (State.FINISHED, State.ABANDONED)
"""Those whom nothing happens to any more."""

_APART = "|"
"""No skill has it in its name: a room may keep several in one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One caller's place."""

    id: EntryId
    call_id: CallId
    token: ContextToken = field(default=ContextToken(""), repr=False)
    """Known to whoever lets the caller wait. A room keeps only its digest, and gives back none."""

    token_digest: str = ""
    """SHA-256 of the token, hexadecimal: what a room, a store of contexts and a journal keep."""

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
    is_call_back: bool = False
    """The caller is to be rung; stays so when somebody takes it."""

    claimed_by: AgentId | None = None
    claimed_at: datetime | None = None
    heard_at: datetime | None = None
    """When whoever claimed it was heard of last."""

    is_connected: bool = False
    """Caller and claimant talk: the claim does not lapse while the caller is there."""

    hung_up_at: datetime | None = None
    """When a caller hung up whom somebody had claimed."""

    left_at: datetime | None = None
    """When it was finished or abandoned."""

    version: int = 0
    """Grows with every change; whoever changes it names the one they saw."""

    def __post_init__(self) -> None:
        if any(not skill or _APART in skill for skill in self.skills):
            raise ValueError("The name of a skill is a word without a bar in it.")

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_over(self) -> bool:
        return self.state in OVER


def digest(token: ContextToken) -> str:
    """What is kept of a token: it opens a person's data, and whoever reads a table gets none."""
    return hashlib.sha256(token.encode()).hexdigest()
