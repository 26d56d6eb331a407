"""A made-up day at a service centre, to hold estimates against what really happens in it.

Calls arrive by chance at a rate that changes by the hour, last lognormal times, and are taken by
people who come, go and take breaks by a roster that the estimate never sees. A queue that works
as ours does: priority and ageing, one caller a person.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ivr.call import CallId, Language
from ivr.queue.entry import AgentId, Entry, EntryId, State
from ivr.queue.estimate import Estimate, estimate
from ivr.queue.order import Ageing
from ivr.queue.outlook import Coming, Outlook, Seen, outlook
from ivr.queue.queues import Queues

MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)
_QUEUE = "agents"
_KEPT = timedelta(minutes=90)
"""How far back the estimate looks."""

_LATELY = timedelta(minutes=15)
_TRUE_CALLS = 300
_PRIORITIES = ((50, 0.82), (70, 0.06), (80, 0.08), (90, 0.04))
"""Each with its share of the calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day's traffic and staff."""

    calls_per_hour: tuple[float, ...]
    """From `opens_at` on."""

    agents: tuple[int, ...]
    """By the same hours."""

    opens_at: int = 8
    handling_s: float = 240.0
    """Mean."""

    handling_spread: float = 0.7
    """Standard deviation of the logarithm."""

    patience_s: float = 900.0
    """Mean; exponential."""

    break_every_s: float = 5_400.0
    """Mean time at work between two breaks."""

    break_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """One caller's wait, as it was told at the beginning and as it was."""

    told: Estimate | None
    knowable: Estimate | None
    """As somebody would tell it who knew every true rate, and only not what chance will bring."""

    waited_s: float
    has_given_up: bool


class _Agent:
    def __init__(self, name: AgentId, break_at: datetime) -> None:
        self.name = name
        self.break_at = break_at
        self.back_at = MIDNIGHT


DAYS = {
    "1 to 3": Day(
        calls_per_hour=(10, 25, 42, 38, 26, 20, 28, 40, 44, 30, 18, 8),
        agents=(1, 2, 3, 3, 2, 2, 2, 3, 3, 2, 2, 1),
    ),
    "3 to 10": Day(
        calls_per_hour=(40, 90, 140, 130, 95, 80, 100, 135, 140, 100, 60, 30),
        agents=(3, 6, 9, 9, 7, 6, 7, 9, 10, 7, 5, 3),
    ),
    "1 to 20": Day(
        calls_per_hour=(10, 75, 175, 270, 290, 215, 160, 230, 295, 200, 85, 20),
        agents=(1, 5, 12, 18, 20, 15, 11, 16, 20, 14, 6, 2),
    ),
}
"""By how many people are there."""


def play(day: Day, queues: Queues, ageing: Ageing, *, seed: int) -> tuple[Waited, ...]:
    """Every call of the day that had to wait, in the order in which they came."""
    return _Centre(day, queues, ageing, seed).run()


class _Centre:
    """Events in their order: somebody calls, gives up, is done, or comes back from a break."""

    def __init__(self, day: Day, queues: Queues, ageing: Ageing, seed: int) -> None:
        self._day, self._queues, self._ageing = day, queues, ageing
        self._chance, self._aside = np.random.default_rng(seed).spawn(2)
        self._events: list[tuple[datetime, int, str, str]] = []
        self._order = count()
        self._waiting: dict[str, Entry] = {}
        self._talking: dict[str, Entry] = {}
        self._over: list[Entry] = []
        self._told: dict[str, tuple[Estimate | None, Estimate | None]] = {}
        self._results: dict[str, Waited] = {}
        most = max(day.agents)
        self._agents = [
            _Agent(AgentId(f"agent-{n}"), MIDNIGHT + self._span(day.break_every_s) + self._opening)
            for n in range(most)
        ]

    @property
    def _opening(self) -> timedelta:
        return timedelta(hours=self._day.opens_at)

    def run(self) -> tuple[Waited, ...]:
        for at in self._arrivals():
            self._at(at, "call")
        for hour in range(len(self._day.agents)):
            self._at(MIDNIGHT + self._opening + timedelta(hours=hour), "look")
        while self._events:
            now, _, what, name = heapq.heappop(self._events)
            match what:
                case "call":
                    self._call(now)
                case "give_up" if name in self._waiting:
                    self._give_up(name, now)
                case "done":
                    entry = self._talking.pop(name)
                    self._over.append(replace(entry, state=State.FINISHED, left_at=now))
                case _:
                    pass
            self._take(now)
        return tuple(self._results.values())

    def _arrivals(self) -> Iterator[datetime]:
        for hour, rate in enumerate(self._day.calls_per_hour):
            begin = MIDNIGHT + self._opening + timedelta(hours=hour)
            for second in self._chance.uniform(0, 3600, self._chance.poisson(rate)):
                yield begin + timedelta(seconds=float(second))

    def _call(self, now: datetime) -> None:
        name = f"e-{len(self._told)}"
        priorities, shares = zip(*_PRIORITIES, strict=True)
        entry = Entry(
            id=EntryId(name),
            call_id=CallId(name),
            queue=_QUEUE,
            language=Language.GERMAN,
            priority=int(self._chance.choice(priorities, p=shares)),
            reasons=(),
            joined_at=now,
        )
        must_wait = self._free(now) is None
        self._told[name] = self._estimates(entry, now) if must_wait else (None, None)
        self._waiting[name] = entry
        self._at(now + self._span(self._day.patience_s), "give_up", name)

    def _estimates(self, entry: Entry, now: datetime) -> tuple[Estimate | None, Estimate | None]:
        since = max(now - _KEPT, MIDNIGHT + self._opening)
        recent = (one for one in self._over if one.left_at and one.left_at >= since)
        seen = Seen(
            waiting=tuple(self._waiting.values()),
            claimed=tuple(self._talking.values()),
            over=tuple(recent),
            since=since,
            now=now,
        )
        before = outlook(entry, seen, self._queues, self._ageing, lately=_LATELY)
        return estimate(before), estimate(self._known(before, entry, now))

    def _known(self, before: Outlook, entry: Entry, now: datetime) -> Outlook:
        """The same with what is true in the place of what was seen."""
        hour, point_s = self._hour(now, self._day.calls_per_hour), self._ageing.point
        times = tuple(float(one) for one in self._handling_s(self._aside, _TRUE_CALLS))
        return replace(
            before,
            agents=max(1, len(self._talking)),
            talking_s=tuple(_since(one, now) for one in self._talking.values()),
            handling_s=times,
            weights=(1.0,) * len(times),
            gives_up_per_s=1 / self._day.patience_s,
            coming=tuple(
                Coming(
                    per_s=self._day.calls_per_hour[hour] / 3600 * share,
                    for_s=((priority - entry.priority) * point_s).total_seconds(),
                )
                for priority, share in _PRIORITIES
                if priority > entry.priority
            ),
        )

    def _hour(self, now: datetime, hours: Sequence[float]) -> int:
        """At the end of the day the last shift stays until nobody waits."""
        hour = int((now - MIDNIGHT - self._opening) / timedelta(hours=1))
        return min(max(hour, 0), len(hours) - 1)

    def _give_up(self, name: str, now: datetime) -> None:
        entry = self._waiting.pop(name)
        self._over.append(replace(entry, state=State.ABANDONED, left_at=now))
        self._note(entry, now, has_given_up=True)

    def _take(self, now: datetime) -> None:
        while self._waiting and (agent := self._free(now)):
            first = min(self._waiting.values(), key=self._ageing.in_order)
            del self._waiting[first.id]
            self._note(first, now, has_given_up=False)
            self._talking[first.id] = replace(
                first, state=State.CLAIMED, claimed_by=agent.name, claimed_at=now, heard_at=now
            )
            self._at(
                now + timedelta(seconds=self._handling_s(self._chance, 1)[0]), "done", first.id
            )

    def _note(self, entry: Entry, now: datetime, *, has_given_up: bool) -> None:
        waited_s = (now - entry.joined_at).total_seconds()
        if waited_s > 0:
            told, knowable = self._told[entry.id]
            self._results[entry.id] = Waited(
                told=told, knowable=knowable, waited_s=waited_s, has_given_up=has_given_up
            )

    def _free(self, now: datetime) -> _Agent | None:
        busy = {one.claimed_by for one in self._talking.values()}
        staff = self._day.agents[self._hour(now, self._day.agents)]
        for agent in self._agents[:staff]:
            if agent.name in busy or agent.back_at > now:
                continue
            if now >= agent.break_at:
                self._rest(agent, now)
                continue
            return agent
        return None

    def _rest(self, agent: _Agent, now: datetime) -> None:
        agent.back_at = now + self._span(self._day.break_s)
        agent.break_at = agent.back_at + self._span(self._day.break_every_s)
        self._at(agent.back_at, "look")

    def _handling_s(self, chance: np.random.Generator, how_many: int) -> NDArray[np.float64]:
        spread = self._day.handling_spread
        middle = np.log(self._day.handling_s) - spread**2 / 2
        return chance.lognormal(middle, spread, how_many)

    def _span(self, mean_s: float) -> timedelta:
        return timedelta(seconds=float(self._chance.exponential(mean_s)))

    def _at(self, moment: datetime, what: str, name: str = "") -> None:
        heapq.heappush(self._events, (moment, next(self._order), what, name))


def _since(entry: Entry, now: datetime) -> float:
    return (now - (entry.claimed_at or now)).total_seconds()
