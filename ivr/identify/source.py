"""The port to a source of what is known about customers, and its twin in memory."""

from collections.abc import Mapping
from typing import Protocol

from ivr.identify.fact import Answer, Nobody


class Source(Protocol):
    """One CRM or database. One a process; every thread may ask it."""

    def ask(self, key: str) -> Answer:
        """What it knows under a number (E.164) or a customer's id; trouble is a value."""

    def close(self) -> None: ...


class MemorySource:
    """Answers that were written down."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers

    def ask(self, key: str) -> Answer:
        return self._answers.get(key, Nobody())

    def close(self) -> None:
        """Nothing is held."""
