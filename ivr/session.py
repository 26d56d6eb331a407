"""A live call: who has the floor, how long anybody waits, and when it is over.

Everything that has to do with time is decided here, in steps of 20 ms. `_hear` takes one frame of
the caller, `_step` makes one of ours; neither waits for anything. What takes time is done in
threads, and looked at in the next step.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from biometrics import Waveform
from ivr.call import CallId
from ivr.errors import CallProblem
from ivr.live.caller_side import CallerSide
from ivr.live.ear import Ear
from ivr.live.echo import Echo
from ivr.live.happening import Happening, Told, Watch, nobody, told_of
from ivr.live.listener import EarlyWords, Listener
from ivr.live.mouth import SILENCE, Mouth, Saying
from ivr.live.patience import Keys
from ivr.live.recorder import Recorder
from ivr.live.talk import Opening, Talk
from ivr.live.utterance import nothing_said
from ivr.live.wire import FRAME_BYTES, FRAME_MS, Ending, Wire
from ivr.marks import about_call
from ivr.settings import LiveSettings
from ivr.trace import trace
from ivr.turn import Answer, Awaited, Live

log = logging.getLogger(__name__)

T = TypeVar("T")

_DRY_S = 0.1
"""A gateway that sends nothing for so long sends no silence: it is made up for it."""

_MOST_WAITING = 100
"""Frames; of what a gateway sends all at once, the oldest are left out beyond two seconds."""

_MOST_AT_ONCE = 10
"""Frames heard in one step, so that a burst of one call does not hold up the others."""

_LATE_S = 0.2
"""Later than that, the clock is set anew: a caller hears a gap once, not everything too fast."""

_BACK_MS = 300
"""A prompt that was interrupted for nothing goes on so much earlier."""

_LONG_AGO_MS = -10_000

_MOST_KEYS = 32

_SENT_S = 0.01
"""For adapters to send what waits in this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a session works with, shared by every call."""

    settings: LiveSettings
    ear: Callable[[], Ear]
    limiter: Callable[[], CapacityLimiter]
    """How many threads may work on turns."""

    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    """Held while a turn is worked on."""

    late: Callable[[int], object] = lambda _: None
    """Told at the end of a call how many frames of prompts could not be sent in time."""


@dataclass(slots=True, kw_only=True)
class _Thinking:
    """A turn that is being answered."""

    task: "asyncio.Task[tuple[Answer, Awaited]]"
    since_ms: int
    is_announced: bool = False


class Session:
    """One live call. Never shared."""

    def __init__(  # noqa: PLR0913 - a call and everything around it
        self,
        wire: Wire,
        talk: Talk,
        equipment: Equipment,
        *,
        watch: Watch = nobody,
        reads_along: bool = False,
        recorder: Recorder | None = None,
        call_id: CallId | None = None,
    ) -> None:
        """`reads_along`: whoever watches is told the words while they are spoken.

        Otherwise they are looked for where they may interrupt a prompt, and only there.
        """
        self._call_id = call_id or CallId("")
        self._wire = wire
        self._talk = talk
        self._settings = equipment.settings
        self._note_late = equipment.late
        self._limiter = equipment.limiter
        self._turn = equipment.turn
        self._watch = watch
        self._reads_along = reads_along
        self._recorder = recorder
        self._caller = CallerSide(
            equipment.ear(),
            equipment.settings,
            listen=self._listen,
            tell=self._tell,
        )
        self._mouth = Mouth()
        self._echo = Echo()
        self._filler: Waveform | None = None
        self._now_ms = 0
        self._came_at_s = 0.0
        self._inbox: deque[bytes] = deque(maxlen=_MOST_WAITING)
        self._part = b""
        self._typed = ""
        self._key_at_ms = 0
        self._quiet_since_ms = 0
        self._turn_end_ms = _LONG_AGO_MS
        self._last_intent = ""
        self._thinking: _Thinking | None = None
        self._going_on: asyncio.Task[None] | None = None
        self._ending: Ending | None = None
        self._failure: Exception | None = None
        self._must_clear = False
        self._is_saying = False
        self._is_gone = False
        self._why_away = ""
        self._running: asyncio.Task[Any] | None = None
        self._moved_at_s = monotonic()
        self._ready = asyncio.Event()
        self._over = asyncio.Event()
        self.late_frames = 0
        """Frames of prompts that could not be sent in time."""

    async def run(self) -> None:
        """The whole call, from the greeting to its end."""
        self._running = asyncio.current_task()
        with about_call(self._call_id):
            await self._run()

    async def _run(self) -> None:
        try:
            await self._begin()
            if self._settings.pacing == "lockstep":
                await self._over.wait()
                self._raise_failure()
            else:
                await self._by_the_clock()
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("live call failed", extra=trace(err))  # noqa: TRY400 - messages hold words
            self._ending = self._talk.failed()
        finally:
            await self._close()

    async def hear(self, sound: bytes) -> None:
        """Sound of the caller. In lockstep it waits until the call has heard and answered it."""
        data = self._part + sound
        whole = len(data) // FRAME_BYTES * FRAME_BYTES
        self._part = data[whole:]
        frames = [data[at : at + FRAME_BYTES] for at in range(0, whole, FRAME_BYTES)]
        if self._settings.pacing == "lockstep":
            await self._in_lockstep(frames)
        else:
            self._inbox.extend(frames)

    async def press(self, keys: str) -> None:
        """Keys that were pressed."""
        for key in keys:
            if key in "0123456789*#" and len(self._typed) < _MOST_KEYS:
                self._typed += key
                self._key_at_ms = self._now_ms
                self._tell("key")

    def hang_up(self) -> None:
        """The caller is gone."""
        if not self._is_gone:
            self._is_gone = True
            self._tell("hung_up")
        self._ready.set()
        self._over.set()

    def send_away(self, why: str) -> None:
        """A person goes on with the call, as soon as a turn that is being answered is over."""
        self._why_away = why

    def stands_still_s(self) -> float:
        """How long nothing has moved. In lockstep it is the other side that moves it."""
        return 0.0 if self._settings.pacing == "lockstep" else monotonic() - self._moved_at_s

    def give_up(self) -> None:
        """The call stands still: nothing of it is waited for, and a person takes it."""
        self._ending = self._ending or self._talk.failed()
        if self._running is not None:
            self._running.cancel()

    async def _begin(self) -> None:
        # The greeting waits for no turn of another call.
        opening, awaited = await anyio.to_thread.run_sync(self._opened, abandon_on_cancel=True)
        self._caller.expect(awaited)
        self._mouth.say(opening.protected, is_protected=True)
        self._mouth.say(opening.question)
        self._ready.set()

    def _opened(self) -> tuple[Opening, Awaited]:
        self._filler = self._talk.filler()
        return self._talk.opening(), self._talk.awaited()

    async def _close(self) -> None:
        self._over.set()
        self._ready.set()
        self._caller.drop()
        self._note_late(self.late_frames)
        if self._recorder is not None:
            self._recorder.close()
        has_told = not self._is_gone
        if has_told:
            await self._wire.end(self._ending or self._talk.failed())
            self._tell("ended")
        if self._going_on is not None:
            self._going_on.cancel()
            await asyncio.wait([self._going_on])
        # Whoever hangs up while a turn is being answered has said what is in it all the same.
        if self._thinking is not None:
            await self._thought(self._thinking.task)
        if not has_told:
            await self._in_thread(self._talk.left)
        await self._in_thread(self._talk.hang_up)

    async def _thought(self, task: "asyncio.Task[tuple[Answer, Awaited]]") -> None:
        """Until the turn is answered, but not for ever: then its thread is left behind."""
        await asyncio.wait([task], timeout=self._settings.longest_think_ms / 1_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    # Time

    async def _by_the_clock(self) -> None:
        loop = asyncio.get_running_loop()
        due, lead_s, early_s = loop.time(), self._settings.lead_ms / 1_000, 0.0
        while not self._over.is_set():
            self._moved_at_s = monotonic()
            was_saying = self._is_saying
            self._hear_what_came(loop.time())
            await self._send(self._step())
            due += FRAME_MS / 1_000 + lead_s * (was_saying - self._is_saying)
            if not self._is_saying:  # what was sent early is not sent early for ever
                due, early_s = due + early_s, 0.0
            wait = due - loop.time()
            if wait < -_LATE_S:
                self.late_frames += int(-wait * 1_000) // FRAME_MS * self._is_saying
                due = loop.time()
            came_s = await self._wait_or_answer(max(wait, 0))
            due, early_s = due - came_s, early_s + came_s

    async def _wait_or_answer(self, wait_s: float) -> float:
        """Until so much time has passed, or an answer is there; by how much it came sooner."""
        if self._thinking is None or self._is_saying:
            await asyncio.sleep(wait_s)
            return 0.0
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await asyncio.wait([self._thinking.task], timeout=wait_s)
        return max(wait_s - (loop.time() - began_s), 0.0)

    async def _in_lockstep(self, frames: list[bytes]) -> None:
        await self._ready.wait()
        for frame in frames:
            if self._over.is_set():
                await asyncio.sleep(0)
                return
            try:
                self._hear(frame)
                await self._stand_still()
                await self._send(self._step())
            except Exception as err:  # noqa: BLE001 - raised where the call is run
                self._failure = err
                self._over.set()

    async def _stand_still(self) -> None:
        """No time passes until everything that was begun is done."""
        await self._caller.settle()
        if self._going_on is not None:
            await asyncio.wait([self._going_on])
        if self._thinking is not None:
            await asyncio.wait([self._thinking.task])

    def _hear_what_came(self, now_s: float) -> None:
        count = min(len(self._inbox), _MOST_AT_ONCE)
        for _ in range(count):
            self._hear(self._inbox.popleft())
        if count:
            self._came_at_s = now_s
        elif now_s - self._came_at_s > _DRY_S:
            self._hear(SILENCE)

    async def _send(self, frame: bytes) -> None:
        if self._must_clear:
            self._must_clear = False
            if self._settings.pacing == "lockstep":
                # What was played is sent: the other side counts frames.
                await asyncio.sleep(_SENT_S)
            await self._wire.clear()
        if not self._over.is_set():
            await self._wire.play(frame)

    # What the caller says

    def _hear(self, frame: bytes) -> None:
        if self._recorder is not None:
            self._recorder.heard(frame)
        self._echo.hear(frame)
        self._caller.hear(frame)
        if not self._caller.has_begun or self._thinking is not None or self._ending is not None:
            return
        if self._mouth.has_something_to_say:
            self._interrupted()
        elif self._caller.is_over():
            live, listener = self._caller.end_turn()
            self._think(live, "", listener)

    def _interrupted(self) -> None:
        """The caller speaks while we do: fall silent, and find out whether it is meant."""
        mouth, caller = self._mouth, self._caller
        if mouth.is_protected:
            return
        if not mouth.is_paused:
            if self._echo.is_echo():
                self._tell("echo")
                caller.restart()
                return
            mouth.pause()
            self._must_clear = True
            self._tell("prompt_pauses")
        if caller.is_meant(self._now_ms - self._turn_end_ms, self._last_intent):
            mouth.stop()
            self._is_saying = False
            self._tell("barge_in")
        elif caller.was_nothing():
            caller.drop()
            mouth.resume(back_ms=_BACK_MS)
            self._tell("prompt_resumes")

    def _listen(self, awaited: Awaited) -> Listener:
        return Listener(
            partial(self._talk.listen, awaited),
            lambda heard: self._talk.tried(heard, awaited),
            self._in_thread,
            rehearse=self._talk.rehearse,
            early=EarlyWords(
                are_needed=lambda: self._reads_along or self._mouth.has_something_to_say,
                tell=lambda words: self._tell("partial", words=words),
            ),
        )

    # What we say

    def _step(self) -> bytes:
        """One frame of ours, and everything that time brings."""
        self._now_ms += FRAME_MS
        if self._ending is not None:
            pass  # whatever else comes, comes too late
        elif self._thinking is not None:
            self._look_for_the_answer(self._thinking)
        elif self._why_away:
            self._leave()
        else:
            self._look_at_the_clock()
        frame = self._mouth.next_frame()
        self._note_saying(frame)
        if self._ending is not None and frame is None and not self._mouth.waits_for_more:
            self._over.set()
        frame = frame or SILENCE
        self._echo.say(frame)
        if self._recorder is not None:
            self._recorder.said(frame)
        return frame

    def _note_saying(self, frame: bytes | None) -> None:
        if frame is not None and not self._is_saying:
            self._is_saying = True
            self._tell("prompt_begins")
        elif self._is_saying and not self._mouth.has_something_to_say:
            self._is_saying = False
            self._quiet_since_ms = self._now_ms
            self._tell("prompt_ends")

    def _look_at_the_clock(self) -> None:
        """Keys that were typed, and callers who say nothing."""
        patience = self._caller.patience
        if patience is None:
            return
        if self._typed:
            self._silence_prompts()
            is_whole = patience.keys is Keys.ONE or self._typed[-1] in "*#"
            if is_whole or self._now_ms - self._key_at_ms >= self._settings.between_keys_ms:
                typed, self._typed = self._typed, ""
                self._think(None, typed, None)
        elif self._is_silent and self._now_ms - self._quiet_since_ms >= patience.no_input_ms:
            self._tell("no_input")
            self._think(nothing_said(), "", None)

    @property
    def _is_silent(self) -> bool:
        return not self._caller.has_begun and not self._mouth.has_something_to_say

    def _silence_prompts(self) -> None:
        """Whoever types has heard enough."""
        self._caller.drop()
        if self._mouth.has_something_to_say:
            self._mouth = Mouth()
            self._is_saying = False
            self._must_clear = True

    def _look_for_the_answer(self, thinking: _Thinking) -> None:
        waited_ms = self._now_ms - thinking.since_ms
        if thinking.task.done():
            self._thinking = None
            self._take_answer(thinking.task)
        elif waited_ms >= self._settings.longest_think_ms:
            log.error("an answer took too long")
            self._ending = self._talk.failed()
        elif waited_ms >= self._settings.filler_ms and not thinking.is_announced:
            thinking.is_announced = True
            if self._filler is not None:
                self._tell("filler")
                self._mouth.say(self._filler)

    def _take_answer(self, task: "asyncio.Task[tuple[Answer, Awaited]]") -> None:
        try:
            answer, awaited = task.result()
        except CallProblem as err:
            log.warning("a live turn was refused", extra={"code": err.code})
            self._ending = self._talk.failed()
            return
        self._last_intent = answer.result.intent.name or ""
        for kind, told in told_of(answer.result):
            self._tell(kind, **told)
        self._ending = self._talk.ended(answer)
        self._quiet_since_ms = self._now_ms
        is_last = self._ending is not None
        prompt = self._mouth.say(answer.sound, is_protected=is_last, is_whole=not answer.rest)
        if self._going_on is not None:
            self._going_on.cancel()
        if answer.rest:
            self._going_on = asyncio.create_task(self._go_on(prompt, answer.rest))
        self._caller.expect(awaited)

    async def _go_on(self, prompt: Saying, rest: tuple[Callable[[], Waveform], ...]) -> None:
        """Make the rest of a prompt while its beginning is heard."""
        try:
            for place, part in enumerate(rest, start=1):
                prompt.go_on(await self._in_thread(part), is_last=place == len(rest))
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("a prompt broke off", extra=trace(err))  # noqa: TRY400 - messages hold words
            self._ending = self._ending or self._talk.failed()
        finally:
            prompt.end()

    # Thinking

    def _think(self, live: Live | None, keys: str, listener: Listener | None) -> None:
        self._turn_end_ms = self._now_ms
        self._wait_for(self._answered(live, keys, listener))

    def _leave(self) -> None:
        """The call goes on with a person."""
        self._silence_prompts()
        self._wait_for(self._in_thread(partial(self._handed_on, self._why_away)))

    def _wait_for(self, work: Coroutine[Any, Any, tuple[Answer, Awaited]]) -> None:
        self._caller.expect(None)
        self._thinking = _Thinking(task=asyncio.create_task(work), since_ms=self._now_ms)

    def _handed_on(self, why: str) -> tuple[Answer, Awaited]:
        return self._talk.handed_on(why), self._talk.awaited()

    async def _answered(
        self, live: Live | None, keys: str, listener: Listener | None
    ) -> tuple[Answer, Awaited]:
        try:
            if listener is not None and live is not None:
                await listener.settle()
                live = replace(live, ahead=await listener.ahead())
            with self._turn():
                return await self._in_thread(partial(self._take, live, keys))
        finally:
            if listener is not None:
                listener.close()

    def _take(self, live: Live | None, keys: str) -> tuple[Answer, Awaited]:
        answer = self._talk.take(live, keys)
        self._filler = self._talk.filler()
        return answer, self._talk.awaited()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._limiter(), abandon_on_cancel=True)

    def _tell(self, kind: str, **told: Told) -> None:
        self._watch(Happening(at_ms=self._now_ms, kind=kind, told=told))
