"""Both sides of a call as the gateway had them, and what can be measured on that."""

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.live.wire import FRAME_MS, FRAME_SAMPLES, RATE_HZ

_GAP_MS = 40
"""A hole in a prompt that is heard."""

_WITHIN_MS = 400
"""Longer quiet is a pause between prompts or lines, not a hole in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Somebody is heard from here to there, in ms of the call."""

    begins_ms: int
    ends_ms: int


class Tape:
    """Frame by frame: left the caller, right the machine."""

    def __init__(self) -> None:
        self._caller: list[bytes] = []
        self._machine: list[bytes] = []

    def add(self, caller: bytes, machine: bytes) -> None:
        self._caller.append(caller)
        self._machine.append(machine)

    @property
    def length_ms(self) -> int:
        return len(self._machine) * FRAME_MS

    def caller(self) -> tuple[Stretch, ...]:
        """When the caller was heard."""
        return tuple(_stretches(self._caller, bridged_ms=_WITHIN_MS))

    def machine(self) -> tuple[Stretch, ...]:
        """When the machine was heard."""
        return tuple(_stretches(self._machine, bridged_ms=_WITHIN_MS))

    def machine_sound(self) -> NDArray[np.int16]:
        """The machine's side, shape (n,), 8 kHz."""
        return np.frombuffer(b"".join(self._machine), dtype="<i2").astype(np.int16)

    def caller_sound(self) -> NDArray[np.int16]:
        """The caller's side, likewise."""
        return np.frombuffer(b"".join(self._caller), dtype="<i2").astype(np.int16)

    def stereo(self) -> bytes:
        """A WAV file."""
        sides = [
            np.frombuffer(b"".join(side), dtype="<i2") for side in (self._caller, self._machine)
        ]
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(np.stack(sides, axis=1).tobytes())
        return out.getvalue()


def longest_gap_ms(machine: NDArray[np.int16], prompt: NDArray[np.int16]) -> int:
    """How far what was heard of a prompt is torn apart, where it is known as it was sent.

    Args:
        machine: shape (n,), the machine's side at 8 kHz, one prompt and quiet around it.
        prompt: shape (m,), the prompt.
    """
    starts = range(0, len(prompt) - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    found = [(at, _place(machine, prompt[at : at + FRAME_SAMPLES])) for at in starts]
    delays = [place - at for at, place in found if place is not None]
    return int(np.diff(delays).max(initial=0)) * 1_000 // RATE_HZ


def _place(sound: NDArray[np.int16], frame: NDArray[np.int16]) -> int | None:
    """Where a frame that is not quiet was heard; None for quiet ones and for lost ones."""
    if not frame.any():
        return None
    first = int(np.flatnonzero(frame)[0])
    for at in np.flatnonzero(sound[first:] == frame[first]):
        if np.array_equal(sound[at : at + len(frame)], frame):
            return int(at)
    return None


def stopped_after_ms(machine: tuple[Stretch, ...], interrupted_ms: int) -> int | None:
    """How long a prompt went on after the caller began to speak into it; None where none was on."""
    for prompt in machine:
        if prompt.begins_ms <= interrupted_ms < prompt.ends_ms:
            return prompt.ends_ms - interrupted_ms
    return None


def _stretches(frames: list[bytes], *, bridged_ms: int) -> Iterator[Stretch]:
    begins: int | None = None
    ends = 0
    for place, frame in enumerate(frames):
        if not any(frame):
            continue
        at_ms = place * FRAME_MS
        if begins is not None and at_ms - ends > bridged_ms:
            yield Stretch(begins_ms=begins, ends_ms=ends)
            begins = None
        begins = at_ms if begins is None else begins
        ends = at_ms + FRAME_MS
    if begins is not None:
        yield Stretch(begins_ms=begins, ends_ms=ends)
