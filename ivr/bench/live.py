"""How soon live calls are answered, one at a time and many at once."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from statistics import median

from ivr.bench.chart import Chart, p95
from ivr.bench.lines import (
    GREETING_MS,
    LISTENED_MS,
    SCRIPTS,
    Heard,
    Spoken,
    Traffic,
    call_for,
    spoken,
)
from ivr.bench.turn_time import Answered, TurnTime
from ivr.call import CallId
from ivr.front_desk import FrontDesk
from ivr.listen.wav import read_wav
from ivr.live.happening import Happening
from ivr.live.pcm import pcm_of
from ivr.live.wire import FRAME_BYTES, FRAME_MS, Ending, Incoming
from ivr.result import new_call_id
from ivr.service.loaded import keep_what_is_loaded
from ivr.simulate.caller import Caller, TurnTimes
from ivr.simulate.ground import Ground, open_for_all, served
from ivr.wiring import House

_PAUSE_MS = 600
"""Between a prompt that ended by itself and the caller's turn."""

_GAP_S = 0.04
"""A prompt whose frames are further apart has a gap that is heard."""

_ANSWERS = frozenset({"klaus-yes.wav", "klaus-right.wav"})
"""Turns that answer with yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a caller says."""

    name: str
    pcm: bytes = field(repr=False)
    speech_end_ms: int
    """When the last word ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFigures:
    """What came of a run."""

    calls: int
    spoken: tuple[TurnTime, ...]
    """Every turn that was spoken to its end."""

    greeting_ms: tuple[float, ...]
    dropped_frames: int
    gaps: int
    frames: int

    @property
    def turns(self) -> tuple[TurnTime, ...]:
        """Those that were answered when they were over; only these have times."""
        return tuple(turn for turn in self.spoken if turn.answered is Answered.IN_TURN)

    def as_json(self) -> dict[str, float | int]:
        """The figures under the names that others rely on."""
        times = [turn.first_audio_ms for turn in self.turns]
        became = Counter(turn.answered for turn in self.spoken)
        return {
            "calls": self.calls,
            "turns": len(times),
            "first_audio_p50_ms": round(median(times)) if times else 0,
            "first_audio_p95_ms": round(p95(times)),
            "greeting_p95_ms": round(p95(list(self.greeting_ms))),
            "dropped_frames": self.dropped_frames,
            "gaps": self.gaps,
            "frames": self.frames,
            "fallbacks": sum(bool(turn.fallback) for turn in self.turns),
            "answered_early": became[Answered.EARLY],
            "unanswered": became[Answered.NEVER],
        }


class _Caller:
    """One line: calls, speaks, listens, hangs up and calls again. Also the line's wire."""

    def __init__(self, desk: FrontDesk, scripts: Sequence[tuple[str, Sequence[Recording]]]) -> None:
        self._desk = desk
        self._scripts = scripts
        self.turns: list[TurnTime] = []
        self.greeting_ms: list[float] = []
        self.dropped = self.gaps = self.frames = 0
        self._turn: TurnTime | None = None
        self._began = 0.0
        self._saying = self._has_sounded = False
        self._saying_ms = 0
        self._last_frame = 0.0

    async def call_until(self, end: float) -> None:
        for number, recordings in cycle(self._scripts):
            if time.monotonic() >= end:
                return
            await self._call(number, recordings, end)

    async def play(self, frame: bytes) -> None:
        now = time.monotonic()
        is_sound = any(frame)
        self.frames += is_sound
        if is_sound and not self._has_sounded:
            self._has_sounded = True
            self.greeting_ms.append((now - self._began) * 1_000)
        if is_sound and self._turn is not None:
            self._turn.sound(now)
        self._play_out(now)

    def _play_out(self, now: float) -> None:
        """As the far end does: what comes early waits, what comes too late was missing."""
        due = self._last_frame + FRAME_MS / 1_000
        if not self._saying or now - due > 1:
            self._last_frame = now
            return
        if now - due > _GAP_S:
            self.gaps += 1
            due = now
        self._last_frame = due

    async def clear(self) -> None: ...
    async def end(self, ending: Ending) -> None: ...

    def _watch(self, happening: Happening) -> None:
        kind, turn = happening.kind, self._turn
        if kind in ("prompt_begins", "prompt_resumes"):
            self._saying = True
            self._saying_ms = 0
        elif kind in ("prompt_ends", "prompt_pauses", "barge_in"):
            self._saying = False
        elif kind == "turn_ends" and turn is not None:
            turn.end(time.monotonic())
        elif kind == "answer" and turn is not None:
            turn.answer(time.monotonic(), str(happening.told.get("fallback", "")))

    async def _call(self, number: str, recordings: Sequence[Recording], end: float) -> None:
        incoming = Incoming(call_id=CallId(new_call_id()), caller_id=number, source=number)
        self._has_sounded, self._began = False, time.monotonic()
        session = self._desk.answer(incoming, self, watch=self._watch)
        running = asyncio.create_task(session.run())
        line = _Line(session.hear)
        wait_ms = GREETING_MS
        for recording in recordings:
            await self._listen(line, running, wait_ms)
            if running.done() or time.monotonic() >= end:
                break
            await self._speak(line, running, recording)
            wait_ms = LISTENED_MS
        session.hang_up()
        await running
        self.dropped += session.late_frames

    async def _listen(self, line: "_Line", running: "asyncio.Task[None]", wait_ms: int) -> None:
        """Until so much of the prompt was heard, or it is over."""
        heard_ms = quiet_ms = 0
        while not running.done() and heard_ms < wait_ms and quiet_ms < _PAUSE_MS:
            await line.say(_SILENCE)
            heard_ms += FRAME_MS * self._saying
            quiet_ms = 0 if self._saying or not self._has_sounded else quiet_ms + FRAME_MS

    async def _speak(
        self, line: "_Line", running: "asyncio.Task[None]", recording: Recording
    ) -> None:
        """One turn, and silence until it is answered."""
        self._turn = turn = TurnTime(recording=recording.name)
        self.turns.append(turn)
        for at in range(0, len(recording.pcm), FRAME_BYTES):
            if at // FRAME_BYTES * FRAME_MS >= recording.speech_end_ms:
                turn.speak(time.monotonic())
            await line.say(recording.pcm[at : at + FRAME_BYTES])
        turn.speak(time.monotonic())
        for _ in range(10_000 // FRAME_MS):
            # An early answer that the rest of the turn interrupted is followed by another one.
            if running.done() or (turn.sounded_at and self._saying):
                break
            await line.say(_SILENCE)
        self._turn = None


_SILENCE = bytes(FRAME_BYTES)


class _Line:
    """20 ms after 20 ms, by the clock."""

    def __init__(self, hear: Callable[[bytes], Awaitable[None]]) -> None:
        self._hear = hear
        self._due = time.monotonic()

    async def say(self, frame: bytes) -> None:
        await self._hear(frame.ljust(FRAME_BYTES, b"\0"))
        self._due = max(self._due + FRAME_MS / 1_000, time.monotonic() - 0.1)
        await asyncio.sleep(max(self._due - time.monotonic(), 0))


def recordings(house: House, fixtures: Path) -> dict[str, Recording]:
    """Everything the scripts say."""
    names = {name for _, turns in SCRIPTS for name in turns}
    found = {}
    for name in sorted(names):
        sound = read_wav((fixtures / name).read_bytes(), house.settings.listen)
        spans = house.voices.listen(sound).spans
        pad_ms = 64
        end_ms = spans[-1].end_ms - pad_ms if spans else sound.duration_ms
        found[name] = Recording(name=name, pcm=pcm_of(sound), speech_end_ms=end_ms)
    return found


def measure_live(house: House, fixtures: Path, *, calls: int, seconds: int) -> LiveFigures:
    """So many lines at once, for so long."""
    live = replace(house.settings.gateways.live, pacing="clock", most_calls=calls + 1)
    house = House(replace(house.settings, gateways=replace(house.settings.gateways, live=live)))
    house.warm_up()
    keep_what_is_loaded()
    desk, known = house.front_desk, recordings(house, fixtures)
    scripts = [(number, [known[name] for name in names]) for number, names in SCRIPTS]
    callers = [
        _Caller(desk, [*scripts[place % len(scripts) :], *scripts[: place % len(scripts)]])
        for place in range(calls)
    ]
    asyncio.run(_all(callers, seconds))
    house.close()
    return LiveFigures(
        calls=calls,
        spoken=tuple(turn for caller in callers for turn in caller.turns),
        greeting_ms=tuple(ms for caller in callers for ms in caller.greeting_ms),
        dropped_frames=sum(caller.dropped for caller in callers),
        gaps=sum(caller.gaps for caller in callers),
        frames=sum(caller.frames for caller in callers),
    )


def measure_via(house: House, fixtures: Path, *, via: str, calls: int, seconds: int) -> LiveFigures:
    """The same over a gateway's real sockets, as it is heard at the gateway."""
    settings, door = open_for_all(house.settings, is_fast=False)
    live = replace(settings.gateways.live, most_calls=calls + 1)
    called = House(replace(settings, gateways=replace(settings.gateways, live=live)))
    called.warm_up()
    keep_what_is_loaded()
    ground = Ground(house=called, door=door)
    scripts = spoken(called, fixtures, SCRIPTS)
    heard = asyncio.run(_call_via(ground, scripts, (via, calls, seconds)))
    called.close()
    greetings = [caller.tape.machine()[:1] for caller in heard]
    return LiveFigures(
        calls=calls,
        spoken=tuple(_heard(turn) for caller in heard for turn in caller.turns),
        greeting_ms=tuple(first.begins_ms for found in greetings for first in found),
        dropped_frames=called.front_desk.late_frames,
        gaps=0,
        frames=sum(caller.tape.length_ms for caller in heard) // FRAME_MS,
    )


def _heard(turn: TurnTimes) -> TurnTime:
    """A turn as it was heard at the gateway."""
    return TurnTime(
        recording=turn.title,
        spoken_at=turn.speech_ends_ms / 1_000,
        sounded_at=(turn.answer_ms or 0) / 1_000,
        is_early=turn.is_early,
    )


async def _call_via(ground: Ground, scripts: Spoken, how: tuple[str, int, int]) -> Sequence[Caller]:
    (via, calls, seconds), heard = how, Heard()
    calling: dict[CallId, Caller] = {}

    def observe(call_id: CallId, happening: Happening) -> None:
        if (caller := calling.get(call_id)) is not None:
            caller.note(happening.kind)

    @contextmanager
    def watched(call_id: CallId, caller: Caller) -> Iterator[None]:
        calling[call_id] = caller
        yield
        del calling[call_id]

    ground.house.front_desk.observe(observe)
    async with served(ground):
        traffic = Traffic(via=via, calls=calls, seconds=seconds)
        await call_for(ground.door, scripts, traffic, heard=heard, watched=watched)
    return heard.callers


async def _all(callers: Sequence[_Caller], seconds: int) -> None:
    end = time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        for caller in callers:
            tasks.create_task(caller.call_until(end))
            await asyncio.sleep(min(10 / len(callers), 1.7))


RUNS = ((1, 300), (10, 90), (30, 90))
"""How many calls at once, and for how many seconds."""


_COUNTS = (
    *("greeting_p95_ms", "fallbacks", "dropped_frames", "gaps"),
    *("answered_early", "unanswered"),
)
_OF_ALL = frozenset(_COUNTS)
_OF_TURNS = frozenset({"fallbacks", "answered_early", "unanswered"})
"""What can be told of some of the turns."""


def live_chart(house: House, fixtures: Path) -> Chart:
    """A line of figures for each number of calls at once."""
    rows = [row for count, seconds in RUNS for row in _rows(house, fixtures, count, seconds)]
    return Chart(
        title="Live calls",
        made_by="Callers who speak 40 % of the time, by the clock and in this process; ms from the "
        "end of the caller's last word to the first sound of the answer. The waits before it are "
        "for the end of the turn, then for the answer. A turn that was taken for over at a pause "
        "is answered early, and has no times. `ivr bench live --calls 10`.",
        columns=(
            *("calls", "turns", "median", "95 %", "until the turn is over", "until the answer"),
            *("greeting, 95 %", "quicker recogniser", "frames late", "gaps"),
            *("answered early", "unanswered"),
        ),
        rows=tuple(rows),
        is_headline=True,
    )


def _rows(house: House, fixtures: Path, calls: int, seconds: int) -> list[tuple[str, ...]]:
    figures = measure_live(house, fixtures, calls=calls, seconds=seconds)
    rows = [_row(str(calls), figures, _OF_ALL)]
    if calls == 1:
        plain = tuple(turn for turn in figures.spoken if turn.recording in _ANSWERS)
        rows.append(_row("1, answers with yes", replace(figures, spoken=plain), _OF_TURNS))
    return rows


def _row(name: str, figures: LiveFigures, shown: frozenset[str]) -> tuple[str, ...]:
    turns, found = figures.turns, figures.as_json()
    times = [turn.first_audio_ms for turn in turns] or [0.0]
    over = [(turn.ended_at - turn.spoken_at) * 1_000 for turn in turns] or [0.0]
    answer = [(turn.sounded_at - turn.ended_at) * 1_000 for turn in turns] or [0.0]
    return (
        name,
        str(len(turns)),
        f"{median(times):.0f}",
        f"{p95(times):.0f}",
        f"{median(over):.0f}",
        f"{median(answer):.0f}",
        *(f"{found[name]}" if name in shown else "" for name in _COUNTS),
    )


__all__ = ["LiveFigures", "live_chart", "measure_live", "measure_via"]
