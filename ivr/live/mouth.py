"""What is being said to a caller, frame by frame."""

from collections import deque
from dataclasses import dataclass, field

from biometrics import Waveform
from ivr.live.pcm import pcm_of
from ivr.live.wire import FRAME_BYTES, FRAME_MS

SILENCE = bytes(FRAME_BYTES)


@dataclass(slots=True, eq=False)
class Saying:
    """One prompt that is being said."""

    sound: bytes = field(repr=False)
    is_protected: bool
    is_whole: bool
    at: int = 0

    def go_on(self, sound: Waveform, *, is_last: bool) -> None:
        """More of it, 8 kHz; what comes in time is heard without a gap."""
        self.sound += pcm_of(sound)
        self.is_whole = is_last

    def end(self) -> None:
        """No more of it comes."""
        self.is_whole = True

    def next_frame(self) -> bytes | None:
        """None where there is no whole frame yet; the last one is filled up with silence."""
        frame = self.sound[self.at : self.at + FRAME_BYTES]
        if not frame or (len(frame) < FRAME_BYTES and not self.is_whole):
            return None
        self.at += FRAME_BYTES
        return frame.ljust(FRAME_BYTES, b"\0")

    @property
    def is_over(self) -> bool:
        return self.is_whole and self.at >= len(self.sound)


class Mouth:
    """Says sounds one after the other; can pause, go on and fall silent. Never shared."""

    def __init__(self) -> None:
        self._prompts: deque[Saying] = deque()
        self._is_paused = False

    def say(self, sound: Waveform, *, is_protected: bool = False, is_whole: bool = True) -> Saying:
        """Say this behind what is being said; `sound` is of 8 kHz.

        What is not whole goes on with what the answer is told.
        """
        prompt = Saying(sound=pcm_of(sound), is_protected=is_protected, is_whole=is_whole)
        self._prompts.append(prompt)
        self._leave_what_is_over()
        return prompt

    def next_frame(self) -> bytes | None:
        """The next frame; None while there is nothing to say, or while it waits."""
        self._leave_what_is_over()
        if self._is_paused or not self._prompts:
            return None
        frame = self._prompts[0].next_frame()
        self._leave_what_is_over()
        return frame

    @property
    def has_something_to_say(self) -> bool:
        """Also while it waits."""
        self._leave_what_is_over()
        return bool(self._prompts)

    @property
    def waits_for_more(self) -> bool:
        """What is being said goes on, and nobody knows how yet."""
        self._leave_what_is_over()
        return not self._is_paused and bool(self._prompts) and not self._prompts[0].is_whole

    @property
    def is_protected(self) -> bool:
        """What is said now has to be heard whole."""
        return bool(self._prompts) and self._prompts[0].is_protected

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def pause(self) -> None:
        self._is_paused = True

    def resume(self, *, back_ms: int) -> None:
        """Go on, a little before the place where it fell silent."""
        self._is_paused = False
        if self._prompts:
            prompt = self._prompts[0]
            prompt.at = max(prompt.at - back_ms // FRAME_MS * FRAME_BYTES, 0)

    def stop(self) -> None:
        """Drop what may be dropped; what has to be heard is said later."""
        self._is_paused = False
        self._prompts = deque(prompt for prompt in self._prompts if prompt.is_protected)

    def _leave_what_is_over(self) -> None:
        while self._prompts and self._prompts[0].is_over:
            self._prompts.popleft()
