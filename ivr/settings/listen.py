"""What counts as a turn."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenSettings:
    """What counts as one turn."""

    longest_turn_ms: int = 120_000
    """A longer recording is refused."""

    largest_upload_bytes: int = 32 * 1024 * 1024
    """More bytes are refused before they are read: two minutes of 48 kHz stereo float fit."""

    speech_probability: float = 0.5
    """From this probability on, a frame is speech."""

    channel: Literal["left", "right", "mix"] = "mix"
    """Which channel of a stereo recording is the caller."""
