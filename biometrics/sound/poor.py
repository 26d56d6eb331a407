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


SEVERAL_VOICES = Poor(
    code=Flaw.SEVERAL_VOICES, reason="More than one voice was heard.", is_meaningless=True
)

_ADVICE = {
    Flaw.TOO_LITTLE_SPEECH: "Please speak a little longer.",
    Flaw.TOO_QUIET: "Please speak louder, or closer to the telephone.",
    Flaw.TOO_LOUD: "Please speak more softly, or further from the telephone.",
    Flaw.CLIPPED: "Please hold the telephone a little further away.",
    Flaw.NOISY: "Please go where it is quieter.",
    Flaw.MUFFLED: "Please leave the microphone uncovered.",
    Flaw.SEVERAL_VOICES: "Please speak alone.",
    Flaw.TONES: "Please press no keys while you speak.",
    Flaw.MUSIC: "Please turn the music off.",
    Flaw.ECHO: "Please turn the loudspeaker off.",
}


def advice(code: Flaw) -> str:
    """What to ask of whoever speaks, so that the next recording is better."""
    return _ADVICE[code]


def is_meaningless(found: tuple[Poor, ...]) -> bool:
    """Whether any of it keeps a voice from being accepted."""
    return any(poor.is_meaningless for poor in found)
