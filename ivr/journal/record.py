"""A call as the journal keeps it: codes, figures and times, nothing that names anybody."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

RecordId = NewType("RecordId", str)
"""Drawn at random; not the gateway's id of the call, which may hold a number."""


OUT_OF_SCOPE = "out_of_scope"
"""The topic of calls in which no request was understood."""


class Outcome(StrEnum):
    """How the machine's part of a call ended."""

    SERVED = "served"
    """The machine did what was wanted, or answered it (contained)."""

    HANDED_OVER = "handed_over"
    HUNG_UP = "hung_up"
    """In the middle of the conversation."""

    FAILED = "failed"
    """A part of the system failed; a person took over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call."""

    id: RecordId
    token: str = ""
    """A digest of the context's token, so that what happens at the desk finds its call."""

    began_at: datetime
    """Aware, UTC; as are all times."""

    ended_at: datetime
    """Of the machine's part."""

    business: str
    gateway: str
    """Which way the call came: a code such as asterisk, twilio, rest, simulated."""

    language: str
    turns: int
    unheard: int
    not_understood: int
    intents: tuple[str, ...]
    """In the order in which they came up, none twice; the last is what the call was about."""

    outcome: Outcome
    reason: str = ""
    """Why it was handed over, as a code."""

    queue: str = ""
    priority: int | None = None
    mood: str = "neutral"
    is_known: bool = False
    """The number belongs to a customer."""

    verification: str = ""
    """The last decision, such as accepted."""

    score: float | None = None
    llr: float | None = None
    proven_after_ms: int | None = None
    """From the beginning of the call until the voice was accepted."""

    signs: tuple[str, ...] = ()
    """Codes of what sounded like a recording or a machine."""

    is_locked: bool = False
    """Too many failed attempts."""

    hearing: float | None = None
    """Mean confidence of the recogniser."""

    fallbacks: int = 0
    """Turns that another recogniser than the preferred one heard."""

    guess: str = ""
    """Kind of the event that was offered as the reason of the call."""

    guessed_right: bool | None = None
    satisfaction: int | None = None
    """1 to 5, by one key."""

    waited_ms: int | None = None
    """In the queue, until somebody took the call or the caller left."""

    is_abandoned: bool = False
    """Left while waiting."""

    handled_ms: int | None = None
    """By the person."""

    person_right: bool | None = None
    """What the agent said: it was who we thought."""

    intent_right: bool | None = None
    solved: bool | None = None
    customer_mark: str = ""
    """A keyed digest: calls of one customer are found with the key, and nobody without it."""

    @property
    def topic(self) -> str:
        """What the call was about; out_of_scope where words were heard and nothing came of them."""
        if self.intents:
            return self.intents[-1]
        return OUT_OF_SCOPE if self.not_understood else ""
