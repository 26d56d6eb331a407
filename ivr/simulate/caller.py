"""A caller: speaks turn after turn, listens to prompts, and may interrupt or hang up."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.live.mouth import SILENCE
from ivr.live.wire import FRAME_BYTES, FRAME_MS
from ivr.simulate.leg import Leg, Said
from ivr.simulate.tape import Tape

_LOST_S = 2.0
"""In lockstep: a frame that was thrown away on an interruption is not waited for any longer."""

_LISTENS_MS = 60_000
"""Longer than any prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a caller behaves, and what the network does."""

    pause_ms: int = 700
    """Quiet after which a person takes a prompt for over."""

    barge_in_ms: int = 0
    """So long after a prompt began the next turn is spoken into it; 0 waits for its end."""

    hang_up_ms: int = 0
    """Since the call began; 0 stays to the end."""

    loss: float = 0.0
    """Share of the caller's frames that are lost, 0 to 1."""

    jitter_ms: int = 0
    """Frames come so much later, at most, all that waited at once."""

    is_fast: bool = False
    """One frame for one frame, as fast as both sides can."""

    seed: int = 7


@dataclass(slots=True, kw_only=True)
class TurnTimes:
    """When a turn happened, in ms of the call."""

    title: str
    begins_ms: int
    speech_ends_ms: int
    answer_ms: int | None = None
    """The first sound of the answer at the gateway."""

    is_early: bool = False
    """It was taken for over before its last word, at a pause, as far as that can be watched."""

    @property
    def first_audio_ms(self) -> int | None:
        """None where the answer did not come when the turn was over."""
        if self.answer_ms is None or self.is_early:
            return None
        return self.answer_ms - self.speech_ends_ms


class Caller:
    """One call over one leg. Never shared."""

    def __init__(self, leg: Leg, manners: Manners) -> None:
        self._leg = leg
        self._manners = manners
        self._chance = random.Random(manners.seed)  # noqa: S311 - losses, not secrets
        self._held: deque[bytes] = deque()
        self._owed = 0
        self._now_ms = 0
        self._due_s = 0.0
        self._quiet_ms = 0
        self._prompt_ms = 0
        self._has_heard = False
        self.tape = Tape()
        self.turns: list[TurnTimes] = []

    async def call(self, turns: Sequence[Said]) -> None:
        """From the first ring to the end, but for hanging up.

        Raises:
            OSError: nobody answers.
        """
        self._leg.heard.is_lockstep = self._manners.is_fast
        await self._leg.open()
        self._due_s = time.monotonic()
        await self._talk(turns)

    async def leave(self) -> None:
        """Hang up, or leave what is over."""
        await self._leg.close()

    def note(self, kind: str) -> None:
        """What happens in the house that is called, where it can be watched, at once."""
        turn = self.turns[-1] if self.turns else None
        if kind == "turn_ends" and turn is not None and self._now_ms < turn.speech_ends_ms:
            turn.is_early = True

    @property
    def is_over(self) -> bool:
        manners = self._manners
        has_left = bool(manners.hang_up_ms) and self._now_ms >= manners.hang_up_ms
        return has_left or self._leg.heard.is_over

    async def _talk(self, turns: Sequence[Said]) -> None:
        for turn in turns:
            await self._listen(turn.after_ms or self._manners.barge_in_ms)
            if self.is_over:
                return
            await self._say(turn)
        await self._listen(0)
        # Whoever is to be handed on waits for it; others hang up.
        for _ in range(2_000 // FRAME_MS):
            if self.is_over:
                return
            await self._step(SILENCE)

    async def _listen(self, patience_ms: int) -> None:
        """To the end of a prompt, or to so much of it as the caller has patience for."""
        self._prompt_ms = self._quiet_ms = 0
        self._has_heard = False
        limit_ms = self._now_ms + _LISTENS_MS
        while not self.is_over and self._now_ms < limit_ms:
            await self._step(SILENCE)
            if patience_ms and self._prompt_ms >= patience_ms:
                return
            if self._has_heard and self._quiet_ms >= self._manners.pause_ms:
                return

    async def _say(self, turn: Said) -> None:
        times = TurnTimes(
            title=turn.title,
            begins_ms=self._now_ms,
            speech_ends_ms=self._now_ms + turn.speech_end_ms,
        )
        self.turns.append(times)
        for key in turn.keys:
            await self._leg.press(key)
            await self._step(SILENCE)
        for at in range(0, len(turn.pcm), FRAME_BYTES):
            if self.is_over:
                return
            await self._step(turn.pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"))

    async def _step(self, frame: bytes) -> None:
        """20 ms of both sides."""
        self._now_ms += FRAME_MS
        for each in self._over_the_network(frame):
            self._owed += 1
            await self._leg.send(each)
        heard = await self._next_heard()
        self.tape.add(frame, heard)
        self._note(heard)

    def _over_the_network(self, frame: bytes) -> list[bytes]:
        manners = self._manners
        if self._chance.random() >= manners.loss:
            self._held.append(frame)
        if manners.jitter_ms and len(self._held) * FRAME_MS < self._chance.uniform(
            0, manners.jitter_ms
        ):
            return []
        sent = list(self._held)
        self._held.clear()
        return sent

    async def _next_heard(self) -> bytes:
        heard = self._leg.heard
        if self._manners.is_fast:
            # A frame that was lost, or comes later, is answered by none or later.
            if not self._owed or (heard.is_over and not heard.waiting):
                return SILENCE
            self._owed -= 1
            try:
                async with asyncio.timeout(_LOST_S):
                    return await heard.next() or SILENCE
            except TimeoutError:
                return SILENCE
        self._due_s = max(self._due_s + FRAME_MS / 1_000, time.monotonic() - 0.1)
        await asyncio.sleep(max(self._due_s - time.monotonic(), 0))
        return heard.now() or SILENCE

    def _note(self, frame: bytes) -> None:
        is_sound = any(frame)
        self._quiet_ms = 0 if is_sound else self._quiet_ms + FRAME_MS
        if is_sound:
            self._has_heard = True
            self._prompt_ms += FRAME_MS
        last = self.turns[-1] if self.turns else None
        is_awaited = last is not None and last.answer_ms is None
        if is_sound and last is not None and is_awaited and self._now_ms > last.speech_ends_ms:
            last.answer_ms = self._now_ms
