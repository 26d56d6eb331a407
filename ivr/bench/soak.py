"""Calls for a long time, and what becomes of the service's memory."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.bench.chart import Chart
from ivr.bench.lines import SCRIPTS, Heard, Spoken, Traffic, call_for, spoken
from ivr.bench.load import VIA
from ivr.simulate.own_service import OwnService, own_service
from ivr.wiring import House

_WARM_SHARE = 1 / 3
"""At the beginning caches fill; what comes then tells nothing of a leak."""

Watch = Callable[[float, float], None]
"""Told minutes and megabytes as they are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """How long, and how often memory is looked at."""

    calls: int = 4
    """Lines that call at the same time."""

    minutes: float = 30
    every_s: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """Memory over time."""

    minutes: tuple[float, ...]
    memory_mb: tuple[float, ...]
    turns: int
    calls: int
    refused: int

    @property
    def slope_mb_h(self) -> float:
        """Megabytes an hour, by least squares over all but the first third."""
        since = int(len(self.minutes) * _WARM_SHARE)
        minutes, memory = self.minutes[since:], self.memory_mb[since:]
        if len(minutes) < 2:  # noqa: PLR2004 - a line needs two points
            return 0.0
        return float(np.polyfit(np.array(minutes) / 60, np.array(memory), 1)[0])

    @property
    def kb_a_call(self) -> float:
        """What is left of a call, by that slope."""
        hours = self.minutes[-1] / 60
        return 1_000 * self.slope_mb_h * hours / max(self.calls, 1)


async def soaked(service: OwnService, scripts: Spoken, wish: Soak, watch: Watch) -> Soaked:
    """The lines call for so long, and the service's memory is looked at again and again."""
    heard, seen = Heard(), []
    traffic = Traffic(via=VIA, calls=wish.calls, seconds=60 * wish.minutes)
    calling = asyncio.create_task(call_for(service.door, scripts, traffic, heard=heard))
    clock = asyncio.get_running_loop().time
    begun = clock()
    while not calling.done():
        seen.append(((clock() - begun) / 60, service.memory_mb))
        watch(*seen[-1])
        await asyncio.wait([calling], timeout=wish.every_s)
    calling.result()
    return Soaked(
        minutes=tuple(at for at, _ in seen),
        memory_mb=tuple(mb for _, mb in seen),
        turns=sum(len(caller.turns) for caller in heard.callers),
        calls=len(heard.callers),
        refused=heard.refused,
    )


def soak_chart(
    house: House, fixtures: Path, wish: Soak, *, watch: Watch = lambda _minutes, _mb: None
) -> Chart:
    """Memory minute by minute, and its slope."""
    scripts = spoken(house, fixtures, SCRIPTS)
    with own_service(fixtures) as service:
        found = asyncio.run(soaked(service, scripts, wish, watch))
    return _chart(found, wish)


def _chart(found: Soaked, wish: Soak) -> Chart:
    return Chart(
        title="Memory over time",
        made_by=f"{wish.calls} lines that call again and again over {VIA}'s sockets, by the clock: "
        f"{found.calls} calls with {found.turns} turns, {found.refused} refused. Memory of the "
        "whole service, in a process of its own, with `MALLOC_ARENA_MAX=2` unless it is set "
        "otherwise. All but the first third: "
        f"{found.slope_mb_h:+.1f} MB an hour, {found.kb_a_call:+.0f} kB a call. "
        f"`ivr bench soak --minutes {wish.minutes:.0f}`.",
        columns=("minute", "memory, MB"),
        rows=tuple(
            (f"{at:.0f}", f"{mb:.0f}")
            for at, mb in zip(found.minutes, found.memory_mb, strict=True)
        ),
    )
