"""What a caller says, from the first word to the pause that ends it."""

from collections import deque

from biometrics import Waveform
from ivr.call import Unheard
from ivr.live.pcm import waveform_of
from ivr.live.wire import FRAME_BYTES, FRAME_MS
from ivr.turn import Live

_BEFORE_MS = 400
"""Kept from before speech was noticed: with a tenth of a second of speech it is what Whisper has
before a turn in a file, too."""


_BEHIND_MS = 120
"""Kept behind the last word; more quiet says nothing, and so what is heard in a turn can be looked
for before it is over."""

_BEHIND_VOICE_MS = 240
"""The same behind the last sound that is louder than the line, where the line is that quiet. Cut
so, 17 recordings have the ratios that they have with more behind them, give or take 0.1."""

_LONGEST_DIP = 2
"""Times the least speech: what is said after a longer quiet has to begin anew."""


class Utterance:
    """Collects one turn, frame by frame, and counts speech and quiet. Never shared."""

    def __init__(self, *, least_speech_ms: int) -> None:
        self._least_speech_ms = least_speech_ms
        self._before: deque[bytes] = deque(maxlen=_BEFORE_MS // FRAME_MS)
        self._frames: list[bytes] = []
        self._burst_ms = 0
        self.speech_ms = 0
        self.quiet_ms = 0
        self._still_ms = 0

    @property
    def has_begun(self) -> bool:
        return bool(self._frames)

    @property
    def is_speaking(self) -> bool:
        """Someone speaks at this moment."""
        return self.has_begun and self.quiet_ms == 0

    @property
    def may_go_on(self) -> bool:
        """A sound has begun in the pause, and it is not certain yet that it is a word."""
        return bool(self._burst_ms)

    @property
    def length_ms(self) -> int:
        """From shortly before the first word until now."""
        return len(self._frames) * FRAME_MS

    def hear(self, frame: bytes, *, is_speech: bool, is_still: bool = False) -> list[bytes]:
        """The frames that belong to the turn since this one came: none before it has begun.

        `is_still` tells that nothing is louder than the line, even if it sounds like speech.
        """
        self._count(is_speech=is_speech)
        self._still_ms = self._still_ms + FRAME_MS if is_still or self.quiet_ms else 0
        if self._frames:
            self._frames.append(frame)
            return [frame]
        self._before.append(frame)
        if self._burst_ms < self._least_speech_ms:
            return []
        self._frames = list(self._before)
        return list(self._frames)

    def remember(self, pcm: bytes) -> None:
        """Sound from before this turn, of which a little may yet belong to it."""
        self._before.extend(pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES))

    def pcm(self) -> bytes:
        """All of it so far, 16 bits and 8 kHz."""
        return b"".join(self._frames)

    @property
    def is_whole_so_far(self) -> bool:
        """If nothing more is said, `sound` stays as it is."""
        return self.has_begun and self._too_much_ms >= 0

    def sound(self) -> Waveform:
        """What was said, and a little of the quiet behind it, 8 kHz."""
        too_many = max(self._too_much_ms, 0) // FRAME_MS
        return waveform_of(b"".join(self._frames[: len(self._frames) - too_many]))

    @property
    def _too_much_ms(self) -> int:
        return max(self.quiet_ms - _BEHIND_MS, self._still_ms - _BEHIND_VOICE_MS)

    def _count(self, *, is_speech: bool) -> None:
        """A click inside a pause belongs to the pause; a dip inside a word does not end it."""
        least_ms = self._least_speech_ms
        if not is_speech:
            self._burst_ms = max(self._burst_ms - FRAME_MS, 0)
            self.quiet_ms += FRAME_MS * self.has_begun
            return
        was_speech = self._burst_ms >= least_ms
        self._burst_ms = min(self._burst_ms + FRAME_MS, _LONGEST_DIP * least_ms)
        if self._burst_ms < least_ms:
            self.quiet_ms += FRAME_MS * self.has_begun
        else:
            self.speech_ms += FRAME_MS if was_speech else self._burst_ms
            self.quiet_ms = 0


def nothing_said() -> Live:
    """A turn in which nobody said anything."""
    return Live(sound=waveform_of(b""), words=lambda: Unheard.SILENCE)
