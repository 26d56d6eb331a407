"""More and more calls at once, until answers come too late."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from ivr.bench.chart import Chart, p95
from ivr.bench.lines import SCRIPTS, Heard, Spoken, Traffic, call_for, spoken
from ivr.simulate.caller import TurnTimes
from ivr.simulate.own_service import OwnService, own_service
from ivr.wiring import House

VIA = "audiosocket"

_LEAST_ANSWER_MS = 100
"""What sounds sooner was begun at a pause in the turn: no end of a turn is found so soon."""

_FOR_EVER = 1e9

ENGLISH = (("+442079460018", ("emily-refund.wav",) * 3),)
"""A caller for whose language there is a Vosk model."""

_FIELDS = (
    ("callers of the fixtures", SCRIPTS, "cascade"),
    ("callers in English", ENGLISH, "cascade"),
    ("callers in English", ENGLISH, "whisper"),
)
"""Who calls, and which recognisers answer: the cascade is Whisper with Vosk to fall back on."""

Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How far up, and what stops it."""

    counts: tuple[int, ...] = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128)
    """Calls at once, level by level."""

    seconds: float = 90
    """Of each level, once all lines call."""

    limit_ms: int = 1_000
    """What the 95th percentile of a turn must not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """So many calls at once."""

    calls: int
    answer_ms: tuple[int, ...]
    """From the end of the last word to the first sound of the answer, turn by turn."""

    early: int
    """Turns whose answer was begun at a pause; they have no time."""

    unanswered: int
    refused: int
    """Calls that were not taken."""

    cores: float = 0.0
    """That the service worked on, in the mean."""

    memory_mb: float = 0.0
    """Of the service at the end."""

    @property
    def p95_ms(self) -> float:
        return p95(self.answer_ms)

    def is_served(self, limit_ms: int) -> bool:
        is_heard = bool(self.answer_ms) and not self.refused
        return is_heard and self.p95_ms <= limit_ms


def capacity(levels: Sequence[Level], limit_ms: int) -> int:
    """The most calls at once whose answers came in time, and those of fewer calls too."""
    served = 0
    for level in levels:
        if not level.is_served(limit_ms):
            return served
        served = level.calls
    return served


def climb(service: OwnService, scripts: Spoken, ladder: Ladder) -> Iterator[Level]:
    """Level after level; the first that is too much for the service is the last."""
    for calls in ladder.counts:
        traffic = Traffic(via=VIA, calls=calls, seconds=_FOR_EVER)
        level = asyncio.run(_level(service, scripts, traffic, ladder.seconds))
        yield level
        if not level.is_served(ladder.limit_ms):
            return


async def _level(service: OwnService, scripts: Spoken, traffic: Traffic, seconds: float) -> Level:
    """Callers here, the service in its own process; nothing counts before all lines call."""
    heard = Heard()
    calling = asyncio.create_task(call_for(service.door, scripts, traffic, heard=heard))
    await _while(calling, traffic.apart_s * traffic.calls)
    before, worked = {id(one): len(one.turns) for one in heard.callers}, service.cpu_s
    await _while(calling, seconds)
    level = _counted(heard, before, traffic.calls)
    level = replace(level, cores=(service.cpu_s - worked) / seconds, memory_mb=service.memory_mb)
    calling.cancel()
    await asyncio.wait([calling])
    return level


async def _while(calling: "asyncio.Task[None]", seconds: float) -> None:
    await asyncio.wait([calling], timeout=seconds)
    if calling.done():
        calling.result()


def _counted(heard: Heard, before: Mapping[int, int], calls: int) -> Level:
    turns: list[TurnTimes] = []
    for caller in heard.callers:
        said = caller.turns[before.get(id(caller), 0) :]
        is_pending = caller in heard.going_on and said and said[-1].answer_ms is None
        turns += said[:-1] if is_pending else said
    times = [turn.first_audio_ms for turn in turns if turn.first_audio_ms is not None]
    return Level(
        calls=calls,
        answer_ms=tuple(ms for ms in times if ms >= _LEAST_ANSWER_MS),
        early=sum(ms < _LEAST_ANSWER_MS for ms in times),
        unanswered=sum(turn.answer_ms is None for turn in turns),
        refused=heard.refused,
    )


def load_chart(
    house: House,
    fixtures: Path,
    ladder: Ladder,
    *,
    watch: Watch = lambda _what: None,
) -> Chart:
    """Every field of callers against a service that was started for it."""
    rows: list[tuple[str, ...]] = []
    for title, scripts, engine in _FIELDS:
        callers = spoken(house, fixtures, scripts)
        levels = []
        with own_service(fixtures, engine=engine) as service:
            for level in climb(service, callers, ladder):
                watch(f"{title}, {engine}: {level.calls} calls, {level.p95_ms:.0f} ms")
                levels.append(level)
        most = capacity(levels, ladder.limit_ms)
        rows += [_row(f"{title}, {engine}", level, most) for level in levels]
    return Chart(
        title="Calls at once until answers are late",
        made_by=f"A whole service in a process of its own, called over {VIA}'s sockets by the "
        f"clock, callers who speak 40 % of the time, {ladder.seconds:.0f} s for each number of "
        f"calls, more and more until the 95th percentile passes {ladder.limit_ms} ms; ms from the "
        "end of the last word to the first sound of the answer. The cascade is Whisper with Vosk "
        "to fall back on. The callers' own work, on the same machine, is not in the cores. "
        "`ivr bench load`.",
        columns=(
            *("callers, recognisers", "calls at once", "turns", "median", "95 %", "is in time"),
            *("unanswered", "refused", "answered early", "cores", "memory, MB"),
        ),
        rows=tuple(rows),
    )


def _row(name: str, level: Level, most: int) -> tuple[str, ...]:
    return (
        name,
        str(level.calls),
        str(len(level.answer_ms)),
        f"{median(level.answer_ms or [0]):.0f}",
        f"{level.p95_ms:.0f}",
        "yes" if level.calls <= most else "no",
        *(f"{count}" for count in (level.unanswered, level.refused, level.early)),
        f"{level.cores:.2f}",
        f"{level.memory_mb:.0f}",
    )
