"""A sentence that was not understood, as it is kept until somebody has looked at it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from ivr.call import Language

SentenceId = NewType("SentenceId", str)


class Why(StrEnum):
    """Why a sentence is looked at."""

    OUT_OF_SCOPE = "out_of_scope"
    """It was taken for nothing that this business does."""

    LOW_CONFIDENCE = "low_confidence"
    """It was read back before anything was done."""

    TWO_READINGS = "two_readings"
    """It was asked which of two was meant."""

    CORRECTED = "corrected"
    """The caller said that something else was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What somebody said, masked. Nothing tells who it was or in which call."""

    id: SentenceId
    """Drawn by chance."""

    business: str
    """The pack that did not understand it."""

    text: str = field(repr=False)
    language: Language
    why: Why
    at: datetime
    """Aware, UTC, the day and no more."""

    taken_for: tuple[str, ...] = ()
    """Intents, the likeliest first."""

    suggested: str = ""
    """The intent that the same caller was served with afterwards."""

    label: str = ""
    """The intent that somebody said it is, or out_of_scope."""

    version: int = 0
    """Of the additions that it went into."""

    @property
    def is_waiting(self) -> bool:
        """Nobody has said yet what it is."""
        return not self.label

    @property
    def is_ready(self) -> bool:
        """Labelled, and not among the additions yet."""
        return bool(self.label) and not self.version


def new_id() -> SentenceId:
    return SentenceId(secrets.token_hex(4))
