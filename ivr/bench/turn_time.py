"""When a caller's turn was spoken, taken for over and answered, and what that makes of it."""

from dataclasses import dataclass
from enum import StrEnum


class Answered(StrEnum):
    """What became of a turn."""

    IN_TURN = "in turn"
    EARLY = "early"
    """The answer was begun before the caller's last word: at a pause."""

    NEVER = "never"


@dataclass(slots=True, kw_only=True)
class TurnTime:
    """Times in seconds of the monotonic clock; 0 for what has not happened."""

    recording: str
    spoken_at: float = 0.0
    """The end of the last word."""

    ended_at: float = 0.0
    """The session took the turn for over."""

    answered_at: float = 0.0
    sounded_at: float = 0.0
    """The first sound of the answer."""

    fallback: str = ""
    is_early: bool = False

    @property
    def first_audio_ms(self) -> float:
        return (self.sounded_at - self.spoken_at) * 1_000

    @property
    def answered(self) -> Answered:
        if not self.sounded_at:
            return Answered.NEVER
        return Answered.EARLY if self.is_early else Answered.IN_TURN

    def speak(self, now: float) -> None:
        """The last word is over."""
        self.spoken_at = self.spoken_at or now

    def end(self, now: float) -> None:
        """The session takes the turn, or the rest of it, for over."""
        self.is_early = self.is_early or not self.spoken_at
        self.ended_at = now
        self.answered_at = self.sounded_at = 0.0

    def answer(self, now: float, fallback: str) -> None:
        if self.ended_at:
            self.answered_at = now
            self.fallback = fallback

    def sound(self, now: float) -> None:
        """The machine is heard."""
        if self.answered_at and not self.sounded_at:
            self.sounded_at = now
