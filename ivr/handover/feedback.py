"""What the person who took a call says of the machine's part in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.handover.contexts import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Once a call is finished, or as soon as something is plainly wrong."""

    token_digest: str
    """Of the context, as the queue's entry has it."""

    agent: str
    """An audit trail's code of who says so."""

    at: datetime
    """Aware."""

    person: Judged = Judged.UNKNOWN
    """It was who we thought."""

    intent: Judged = Judged.UNKNOWN
    """It was about what we thought."""

    meant: str = ""
    """The request that it was about instead; empty where nobody said."""

    solved: Judged = Judged.UNKNOWN
    waited_ms: int | None = None
    """Until somebody took the call."""

    handled_ms: int | None = None
    """By the person; None while it goes on."""


class TakeFeedback(Protocol):
    """Learns from what people say. The same may be said twice."""

    def __call__(self, feedback: Feedback) -> None:
        """Keep it, and undo what was learned from somebody else's voice.

        Raises:
            StoreUnavailable: it could not be kept; say it again.
        """
