"""Callers who call over a gateway's real sockets, again and again, by the clock."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path

from ivr.call import CallId
from ivr.simulate.caller import Caller, Manners
from ivr.simulate.leg import Door, Line, Said
from ivr.simulate.play import STREAMS, new_call_of
from ivr.simulate.turns import said
from ivr.wiring import House

SCRIPTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("+4989123456", ("klaus-flight.wav", "klaus-yes.wav", "klaus-second.wav", "klaus-right.wav")),
    ("+492117654321", ("stranger-hand-baggage.wav", "stranger-weather.wav", "klaus-yes.wav")),
    ("+442079460018", ("emily-refund.wav",)),
    ("+492117654322", ("stranger-unclear.wav", "stranger-hand-baggage.wav")),
    ("030 1234567", ("erna-baggage.wav",)),
)
"""Who calls, and what they say turn by turn."""

LISTENED_MS = 5_000
"""So long a caller hears a prompt before the next turn: with it, callers speak 40 % of the time."""

GREETING_MS = 8_000
"""The same at the beginning, where a part has to be heard whole."""

_AGAIN_S = 1.0
"""Whoever was refused calls again so much later."""

Watched = Callable[[CallId, Caller], AbstractContextManager[object]]
"""Told of every call while it goes on."""

Spoken = Sequence[tuple[str, Sequence[Said]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How many lines call at the same time, over which gateway, and for how long."""

    via: str
    calls: int
    seconds: float
    """After it no call begins; those that go on are ended by their callers."""

    @property
    def apart_s(self) -> float:
        """Between the first calls of two lines."""
        return min(10 / self.calls, 1.7, self.seconds / (2 * self.calls))


@dataclass(slots=True, kw_only=True)
class Heard:
    """What came of it so far."""

    callers: list[Caller] = field(default_factory=list)
    going_on: list[Caller] = field(default_factory=list)
    refused: int = 0


def spoken(house: House, fixtures: Path, scripts: Sequence[tuple[str, Sequence[str]]]) -> Spoken:
    """The scripts as sound."""
    return [
        (number, _after_the_greeting([said(house, str(fixtures / name)) for name in names]))
        for number, names in scripts
    ]


async def call_for(
    door: Door,
    scripts: Spoken,
    traffic: Traffic,
    *,
    heard: Heard,
    watched: Watched = lambda _id, _caller: nullcontext(),
) -> None:
    """Every line begins with another caller; `heard` is filled while they call."""
    end = time.monotonic() + traffic.seconds

    async def line(place: int) -> None:
        for number, turns in cycle(_from(scripts, place)):
            if time.monotonic() >= end:
                return
            call_id = new_call_of(traffic.via)
            leg = STREAMS[traffic.via](Line(call_id=call_id, number=number), door)
            caller = Caller(leg, Manners(barge_in_ms=LISTENED_MS))
            with watched(call_id, caller):
                await _call(caller, turns, heard)

    async with asyncio.TaskGroup() as tasks:
        for place in range(traffic.calls):
            tasks.create_task(line(place))
            await asyncio.sleep(traffic.apart_s)


async def _call(caller: Caller, turns: Sequence[Said], heard: Heard) -> None:
    heard.callers.append(caller)
    heard.going_on.append(caller)
    try:
        await caller.call(turns)
    except OSError:
        heard.refused += 1
        await asyncio.sleep(_AGAIN_S)
    finally:
        await caller.leave()
    heard.going_on.remove(caller)


def _from(scripts: Spoken, place: int) -> Spoken:
    first = place % len(scripts)
    return [*scripts[first:], *scripts[:first]]


def _after_the_greeting(turns: list[Said]) -> list[Said]:
    """The first turn waits longer, as a part of the greeting has to be heard whole."""
    first, *others = turns
    return [replace(first, after_ms=GREETING_MS), *others]
