"""What can be wrong with a recording of a voice."""

from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """A machine's word for it; prompts are kept under the same word."""

    TOO_LITTLE_SPEECH = "too_little_speech"
    TOO_QUIET = "too_quiet"
    TOO_LOUD = "too_loud"
    CLIPPED = "clipped"
    NOISY = "noisy"
    MUFFLED = "muffled"
    SEVERAL_VOICES = "several_voices"
    TONES = "tones"
    MUSIC = "music"
    ECHO = "echo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poor:
    """One thing that is wrong with a recording."""

    code: Flaw
    reason: str
    """A sentence that says what was found."""

    is_meaningless: bool = False
    """A score of such sound says nothing about a voice: it is never accepted."""


def is_meaningless(found: tuple[Poor, ...]) -> bool:
    """Whether any of it keeps a voice from being accepted."""
    return any(poor.is_meaningless for poor in found)
