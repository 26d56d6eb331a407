"""Figures that are read from the parts of a running service when somebody asks for them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import CapacityLimiter

from ivr.front_desk import FrontDesk
from ivr.queue.entry import Entry
from ivr.queue.queues import Queues
from ivr.queue.waiting import WaitingRoom
from ivr.seeing import measures
from ivr.seeing.measure import Sample
from ivr.service.readiness import Readiness
from ivr.understand.lane import Lane
from ivr.wiring.customers import Customers
from ivr.wiring.seeing import Seeing
from ivr.wiring.serving import Serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is read of a house."""

    queues: Callable[[], Queues]
    room: Callable[[], WaitingRoom]
    front_desk: FrontDesk
    serving: Serving
    customers: Customers
    lane: Lane
    turns: CapacityLimiter
    """Of turns that come by HTTP."""

    readiness: Readiness
    tally: Callable[[], Mapping[tuple[str, str], int]] = dict
    """How often a bound was reached, by what was bounded and where; codes."""


def read_all(seeing: Seeing, read: Read) -> None:
    """From now on they are asked whenever figures are."""
    sources = read.customers.described.sources if read.customers.described else {}
    seeing.known["queue"] = frozenset(read.queues().queues)
    seeing.known["system"] = frozenset(sources)
    seeing.read("queues", lambda: waiting(read.room().waiting(now=_now()), read.queues(), _now()))
    seeing.read("live", lambda: _live(read.front_desk))
    seeing.read("pools", lambda: _pools(read))
    seeing.read("business", lambda: _business(read.serving))
    seeing.read("customers", lambda: _customers(read.customers))
    seeing.read("bounds", lambda: bounds(read.tally()))
    seeing.read("watch", lambda: _ready(read.readiness))


def waiting(entries: tuple[Entry, ...], queues: Queues, now: datetime) -> Iterator[Sample]:
    """How many wait in every queue, and the longest how long. Empty queues are told too."""
    for queue in sorted({*queues.queues, *(one.queue for one in entries)}):
        joined = [one.joined_at for one in entries if one.queue == queue]
        oldest_s = (now - min(joined)).total_seconds() if joined else 0.0
        yield Sample(of=measures.WAITING, value=len(joined), labels=(queue,))
        yield Sample(of=measures.OLDEST, value=max(oldest_s, 0.0), labels=(queue,))


def bounds(tally: Mapping[tuple[str, str], int]) -> Iterator[Sample]:
    """What never happened is told as nought."""
    told = {(what, "none"): 0 for what in measures.BOUND} | {
        (what, where or "none"): times for (what, where), times in tally.items()
    }
    for labels, times in told.items():
        yield Sample(of=measures.BOUNDS, value=times, labels=labels)


def _live(desk: FrontDesk) -> Iterator[Sample]:
    yield Sample(of=measures.LIVE_CALLS, value=desk.going_on)
    yield Sample(of=measures.LATE_FRAMES, value=desk.late_frames)


def _pools(read: Read) -> Iterator[Sample]:
    limiters = {"turns": read.turns, "live": read.front_desk.limiter}
    for pool, limiter in limiters.items():
        if limiter is not None:
            yield Sample(of=measures.POOL_BUSY, value=limiter.borrowed_tokens, labels=(pool,))
            yield Sample(of=measures.POOL_SIZE, value=limiter.total_tokens, labels=(pool,))
    yield Sample(of=measures.POOL_BUSY, value=read.lane.length, labels=("recognition",))
    yield Sample(of=measures.POOL_SIZE, value=read.lane.at_once, labels=("recognition",))


def _business(serving: Serving) -> Iterator[Sample]:
    if serving.is_on:
        yield Sample(of=measures.BREAKER, value=serving.counter.is_paused(), labels=("business",))


def _customers(customers: Customers) -> Iterator[Sample]:
    if customers.described:
        for name, role in customers.profiles.roles.items():
            yield Sample(of=measures.BREAKER, value=role.source.is_paused, labels=(name,))


def _ready(readiness: Readiness) -> Iterator[Sample]:
    yield Sample(of=measures.READY, value=not readiness.look().missing)


def _now() -> datetime:
    return datetime.now(UTC)
