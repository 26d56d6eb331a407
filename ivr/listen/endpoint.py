"""When a caller's turn is over, as arithmetic on what has been heard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSettings:
    """When a caller's turn is over."""

    quiet_ms: int = 700
    """Quiet that ends the turn, once the caller has spoken."""

    least_speech_ms: int = 90
    """Shorter sounds are clicks: they neither begin a turn nor keep it open."""

    longest_turn_ms: int = 120_000
    """From the first word on; then the turn ends, whoever still speaks."""


class Endpointer:
    """Hears one turn, piece by piece, and says when it is over. Time is what it is told."""

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings
        self._burst_ms = 0
        self._quiet_ms = 0
        self._turn_ms = 0

    @property
    def has_begun(self) -> bool:
        """Whether the caller has spoken: how long to wait for that is the session's to know."""
        return self._turn_ms > 0

    def hear(self, ms: int, *, is_speech: bool) -> bool:
        """Whether the turn is over after `ms` more of speech or of quiet.

        Never before speech began. Once over it stays over until speech goes on.

        Raises:
            ValueError: `ms` is negative.
        """
        if ms < 0:
            raise ValueError("Time does not run backwards.")
        if self.has_begun:
            self._turn_ms += ms
        if is_speech:
            self._hear_sound(ms)
        else:
            self._hear_quiet(ms)
        return self._is_over()

    def _hear_sound(self, ms: int) -> None:
        self._burst_ms += ms
        if self._burst_ms < self._settings.least_speech_ms:
            return
        self._quiet_ms = 0
        if not self.has_begun:
            self._turn_ms = self._burst_ms

    def _hear_quiet(self, ms: int) -> None:
        """A click inside a pause belongs to the pause, so it is counted as quiet afterwards."""
        if self._burst_ms < self._settings.least_speech_ms:
            self._quiet_ms += self._burst_ms
        self._burst_ms = 0
        self._quiet_ms += ms

    def _is_over(self) -> bool:
        if not self.has_begun:
            return False
        return (
            self._quiet_ms >= self._settings.quiet_ms
            or self._turn_ms >= self._settings.longest_turn_ms
        )
