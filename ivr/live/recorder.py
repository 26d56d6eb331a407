"""A recording of both sides of a call that both sides agreed to."""

import logging
import wave
from pathlib import Path

import numpy as np

from ivr.live.mouth import SILENCE
from ivr.live.wire import FRAME_BYTES, RATE_HZ

log = logging.getLogger(__name__)

_MOST_AHEAD = 10
"""Frames that one side may be ahead of the other before the other is filled up with silence."""


class Recorder:
    """Writes a stereo WAV file while the call goes on: left the caller, right the machine."""

    def __init__(self, file: Path) -> None:
        """Raises OSError where the file cannot be made; it is readable by its owner only."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        self._file = wave.open(str(file), "wb")  # noqa: SIM115 - open as long as the call
        self._file.setnchannels(2)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE_HZ)
        self._heard = b""
        self._said = b""
        self._is_given_up = False

    def heard(self, frame: bytes) -> None:
        """A frame of the caller."""
        self._heard += frame

    def said(self, frame: bytes) -> None:
        """A frame of ours: its time is the recording's."""
        self._said += frame
        while len(self._heard) + _MOST_AHEAD * FRAME_BYTES < len(self._said):
            self._heard += SILENCE
        self._write(min(len(self._heard), len(self._said)))

    def close(self) -> None:
        """The call is over; what one side said last is kept with silence on the other."""
        longest = max(len(self._heard), len(self._said))
        self._heard = self._heard.ljust(longest, b"\0")
        self._said = self._said.ljust(longest, b"\0")
        self._write(longest)
        try:
            self._file.close()
        except OSError as err:
            self._give_up(err)

    def _write(self, count: int) -> None:
        left, self._heard = self._heard[:count], self._heard[count:]
        right, self._said = self._said[:count], self._said[count:]
        sides = [np.frombuffer(side, dtype="<i2") for side in (left, right)]
        if self._is_given_up:
            return
        try:
            self._file.writeframes(np.stack(sides, axis=1).tobytes())
        except OSError as err:
            self._give_up(err)

    def _give_up(self, err: OSError) -> None:
        """A disk that is full ends a recording, and no call."""
        if not self._is_given_up:
            self._is_given_up = True
            log.error("a recording ends early", extra={"errno": err.errno})
