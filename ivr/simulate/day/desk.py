"""The people who take calls on a simulated day, and what they say of them afterwards."""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

import numpy as np

from ivr.call import Language
from ivr.journal.journal import Later
from ivr.queue.entry import AgentId, Entry
from ivr.queue.memory_waiting import MemoryWaitingRoom
from ivr.queue.order import Ageing
from ivr.queue.waiting import Able, WaitingRoom
from ivr.simulate.day.words import chance

_PATIENCE = timedelta(minutes=6)
"""Mean; each caller's own is drawn."""

_TALK = (3.0, timedelta(seconds=85))
"""Shape and scale of a gamma distribution: four minutes and a quarter in the mean."""

_SHIFTS = ((6, 8, 0.5), (9, 8, 0.5), (13, 8, 0.5), (21, 9, 0.1))
"""First hour, length and share of all people; they overlap when it is busy."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the person who takes a call finds out."""

    is_person: bool | None
    """It is who the number says; None where nobody was named."""

    is_intent: bool | None
    """It is what the machine took it for; None where it took it for nothing."""

    mood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a caller who waited."""

    entry: Entry
    waited: timedelta
    agent: AgentId | None
    """None where the caller left."""

    talked: timedelta = timedelta()


class _What(IntEnum):
    """In this order where several things happen at once."""

    FREE = 0
    LEFT = 1
    JOINED = 2


@dataclass(order=True, slots=True)
class _Happening:
    at: datetime
    what: _What
    number: int
    entry: Entry | None = field(default=None, compare=False)


@dataclass(slots=True)
class _Floor:
    """People at their desks, and callers who wait for them."""

    agents: Sequence[tuple[Able, datetime, datetime]]
    draw: np.random.Generator
    room: MemoryWaitingRoom
    busy: dict[AgentId, datetime] = field(default_factory=dict)

    def at_work(self, now: datetime) -> Iterator[Able]:
        for able, begins, ends in self.agents:
            is_free = self.busy.get(able.agent, begins) <= now
            if begins <= now < ends and is_free:
                yield able

    def take(self, now: datetime) -> Iterator[Taken]:
        """Whoever can be taken now is."""
        for able in tuple(self.at_work(now)):
            entry = self.room.claim_next(able, now)
            if entry is not None:
                self.room.connected(entry.id, able.agent, now)
                shape, scale = _TALK
                talked = timedelta(seconds=round(float(self.draw.gamma(shape)) * scale.seconds))
                self.room.finish(entry.id, able.agent, now)
                self.busy[able.agent] = now + talked
                waited = now - entry.joined_at
                yield Taken(entry=entry, waited=waited, agent=able.agent, talked=talked)


def day_at_the_desk(
    entries: Sequence[Entry],
    midnight: datetime,
    draw: np.random.Generator,
    ageing: Ageing | None = None,
) -> list[Taken]:
    """What becomes of everybody who joined a queue that day."""
    room = MemoryWaitingRoom(ageing)
    floor = _Floor(agents=_agents(entries, midnight), draw=draw, room=room)
    happenings = [
        _Happening(one.joined_at, _What.JOINED, place, one) for place, one in enumerate(entries)
    ]
    happenings += [_Happening(begins, _What.FREE, 0) for _, begins, _ in floor.agents]
    heapq.heapify(happenings)
    taken: list[Taken] = []
    while happenings:
        now = heapq.heappop(happenings)
        if now.entry is not None and now.what is _What.JOINED:
            floor.room.join(now.entry)
            patience = timedelta(seconds=round(float(draw.exponential(_PATIENCE.seconds))))
            gone = _Happening(now.at + patience, _What.LEFT, now.number, now.entry)
            heapq.heappush(happenings, gone)
        elif now.entry is not None and _leaves(floor.room, now.entry, now.at):
            taken.append(Taken(entry=now.entry, waited=now.at - now.entry.joined_at, agent=None))
        for one in floor.take(now.at):
            taken.append(one)
            heapq.heappush(happenings, _Happening(now.at + one.talked, _What.FREE, 0))
    return taken


def _leaves(room: MemoryWaitingRoom, entry: Entry, now: datetime) -> bool:
    there = room.find(entry.id)
    return there is not None and there.is_live and room.leave(entry.token, now) is not None


def _agents(entries: Sequence[Entry], midnight: datetime) -> list[tuple[Able, datetime, datetime]]:
    """As many as the busiest hour needs, in shifts; half of them speak English too.

    Who are busy all the time, and the square root of their number besides: the usual rule.
    """
    shape, scale = _TALK
    busiest = max(_by_hour(entries, midnight), default=0)
    busy = busiest * shape * scale / _HOUR
    many = max(3, math.ceil(busy + math.sqrt(busy)))
    found: list[tuple[Able, datetime, datetime]] = []
    for first, hours, share in _SHIFTS:
        for _ in range(max(1, round(share * many))):
            place = len(found)
            languages = frozenset(Language) if place % 2 == 0 else {Language.GERMAN}
            able = Able(
                agent=AgentId(f"made-up-{place:02}"),
                queues=None,
                languages=frozenset(languages),
                skills=frozenset(skill for entry in entries for skill in entry.skills),
            )
            # Whoever begins in the evening stays until the morning, and was there before.
            for night in (-24, 0):
                begins = midnight + (first + night) * _HOUR
                found.append((able, begins, begins + hours * _HOUR))
    return found


def _by_hour(entries: Sequence[Entry], midnight: datetime) -> list[int]:
    counts = [0] * 48
    for entry in entries:
        hour = (entry.joined_at - midnight) // _HOUR
        counts[min(max(hour, 0), len(counts) - 1)] += 1
    return counts


def written_down(room: WaitingRoom, taken: Sequence[Taken]) -> None:
    """The same in the room where they really wait, in the order in which it happened."""
    for one in sorted(taken, key=lambda one: one.entry.joined_at + one.waited):
        at = one.entry.joined_at + one.waited
        if one.agent is None:
            room.leave(one.entry.token, at)
            continue
        if room.claim(one.entry.id, one.agent, at) is not None:
            room.connected(one.entry.id, one.agent, at)
            room.finish(one.entry.id, one.agent, at + one.talked)


def later_of(one: Taken, truth: Truth, draw: np.random.Generator) -> Later:
    """What is known of the call afterwards; not everybody is asked, and not everybody says."""
    waited_ms = one.waited // timedelta(milliseconds=1)
    if one.agent is None:
        return Later(waited_ms=waited_ms, is_abandoned=True)
    is_judged = chance(draw, 0.6)
    is_rated = chance(draw, 0.2)
    solved = chance(draw, 0.7 if truth.mood == "upset" else 0.88)
    return Later(
        waited_ms=waited_ms,
        is_abandoned=False,
        handled_ms=one.talked // timedelta(milliseconds=1),
        person_right=truth.is_person if is_judged else None,
        intent_right=truth.is_intent if is_judged else None,
        solved=solved if is_judged else None,
        satisfaction=_mark(one, draw, solved=solved) if is_rated else None,
    )


def _mark(one: Taken, draw: np.random.Generator, *, solved: bool) -> int:
    """Long waits and open questions cost a point each."""
    best = 5 - int(not solved) - int(one.waited > timedelta(minutes=2))
    return max(1, best - int(draw.poisson(0.5)))
