"""Where sentences wait for somebody to look at them."""

from datetime import datetime
from typing import Protocol

from ivr.review.sentence import Sentence, SentenceId


class Sentences(Protocol):
    """Sentences of every business. Every method raises StoreUnavailable."""

    def add(self, sentence: Sentence, *, most: int) -> bool:
        """Keep it, unless there are `most` already. Whether it is kept."""

    def find(self, sentence: SentenceId) -> Sentence | None: ...

    def of(self, business: str) -> tuple[Sentence, ...]:
        """The oldest first."""

    def change(self, sentence: Sentence) -> bool:
        """Keep its suggestion, label and version instead of those before. Whether it is there."""

    def drop(self, sentence: SentenceId) -> bool:
        """Delete it. Whether it was there."""

    def expire(self, before: datetime) -> int:
        """Delete what is older. How many there were."""
