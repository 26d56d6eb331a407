"""What is being said to a caller, frame by frame."""

from collections import deque
from dataclasses import dataclass

from biometrics import Waveform
from ivr.live.pcm import pcm_of
from ivr.live.wire import FRAME_BYTES, FRAME_MS

SILENCE = bytes(FRAME_BYTES)


@dataclass(slots=True)
class _Piece:
    sound: bytes
    is_protected: bool
    at: int = 0


class Mouth:
    """Says sounds one after the other; can pause, go on and fall silent. Never shared."""

    def __init__(self) -> None:
        self._pieces: deque[_Piece] = deque()
        self._is_paused = False

    def say(self, sound: Waveform, *, is_protected: bool = False) -> None:
        """Say this behind what is being said; `sound` is of 8 kHz."""
        if len(sound.samples):
            self._pieces.append(_Piece(_frames(sound), is_protected))

    def next_frame(self) -> bytes | None:
        """The next frame; None while there is nothing to say, or while it waits."""
        if self._is_paused or not self._pieces:
            return None
        piece = self._pieces[0]
        frame = piece.sound[piece.at : piece.at + FRAME_BYTES]
        piece.at += FRAME_BYTES
        if piece.at >= len(piece.sound):
            self._pieces.popleft()
        return frame

    @property
    def has_something_to_say(self) -> bool:
        """Also while it waits."""
        return bool(self._pieces)

    @property
    def is_protected(self) -> bool:
        """What is said now has to be heard whole."""
        return bool(self._pieces) and self._pieces[0].is_protected

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def pause(self) -> None:
        self._is_paused = True

    def resume(self, *, back_ms: int) -> None:
        """Go on, a little before the place where it fell silent."""
        self._is_paused = False
        if self._pieces:
            piece = self._pieces[0]
            piece.at = max(piece.at - back_ms // FRAME_MS * FRAME_BYTES, 0)

    def stop(self) -> None:
        """Drop what may be dropped; what has to be heard is said later."""
        self._is_paused = False
        self._pieces = deque(piece for piece in self._pieces if piece.is_protected)


def _frames(sound: Waveform) -> bytes:
    """Whole frames, the last one filled up with silence."""
    pcm = pcm_of(sound)
    return pcm + bytes(-len(pcm) % FRAME_BYTES)
