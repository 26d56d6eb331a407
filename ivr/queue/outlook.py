"""How a queue is being served: what a waiting time is estimated from.

Only what is seen counts, never a roster: who took or finished calls lately, how long calls take,
how many give up, and how many of those who go first keep coming.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.queue.entry import AgentId, Entry, State
from ivr.queue.order import Ageing
from ivr.queue.queues import Queues

_MOST_CALLS = 400
"""Finished calls that are looked at."""

_HALF_LIFE = timedelta(minutes=90)
"""A call that ended so long ago counts half as much as one that ended now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The callers of a while: those who wait, those who are served, those who were."""

    waiting: tuple[Entry, ...]
    """In order."""

    claimed: tuple[Entry, ...]
    over: tuple[Entry, ...]
    """Since the beginning of the while."""

    since: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Callers who would go before somebody, were they to come now."""

    per_s: float
    for_s: float
    """So long after the beginning of the wait; waiting has made up for it then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What lies before one caller."""

    ahead: int
    """Callers who are served before, as things are."""

    agents: int
    """People who are at work on what is ahead."""

    talking_s: tuple[float, ...]
    """How long each of those has been at it who is with a caller now."""

    handling_s: tuple[float, ...]
    """Calls that are over, in seconds."""

    weights: tuple[float, ...]
    """What each of them counts, 0 to 1."""

    usual_handling_s: float
    """As the queue's rules say, until enough were seen."""

    gives_up_per_s: float
    """Chance that somebody who waits gives up within a second."""

    coming: tuple[Coming, ...] = ()


def outlook(
    entry: Entry, seen: Seen, queues: Queues, ageing: Ageing, *, lately: timedelta
) -> Outlook:
    """For a caller who waits, or would.

    Raises:
        BadQueues: there are no rules for the queue.
    """
    team = _team(entry.queue, seen, lately)
    served = {entry.queue} | {one.queue for one in _touched(seen, lately) if one.claimed_by in team}
    mine = ageing.in_order(entry)
    ahead = (
        one
        for one in seen.waiting
        if one.queue in served and one.id != entry.id and ageing.in_order(one) < mine
    )
    talking = [one for one in seen.claimed if one.claimed_by in team]
    done = [one for one in seen.over if one.queue in served and _handled_s(one) is not None]
    return Outlook(
        ahead=sum(1 for _ in ahead),
        agents=len(team),
        talking_s=tuple(_seconds(seen.now - (one.claimed_at or seen.now)) for one in talking),
        handling_s=tuple(_handled_s(one) or 0.0 for one in done[-_MOST_CALLS:]),
        weights=tuple(_weight(one, seen.now) for one in done[-_MOST_CALLS:]),
        usual_handling_s=float(queues.of(entry.queue).handling_s),
        gives_up_per_s=_gives_up_per_s(seen, served),
        coming=_coming(entry, seen, served, ageing),
    )


def _team(queue: str, seen: Seen, lately: timedelta) -> frozenset[AgentId]:
    """Whoever is at work and takes callers of this queue.

    Whoever is free takes the next caller at once. So where somebody waits only those are at work
    who are with a caller, or were until just now; the others have gone, if only for a break.
    """
    known = {
        one.claimed_by: one.left_at or seen.now
        for one in sorted(_touched(seen, lately), key=_end)
        if one.queue == queue and one.claimed_by is not None
    }
    talking = {one.claimed_by for one in seen.claimed}
    at_it = {agent for agent, at in known.items() if agent in talking or at >= seen.now - _BREATH}
    return frozenset(at_it or known)


_BREATH = timedelta(seconds=10)


def _end(entry: Entry) -> tuple[bool, datetime]:
    return entry.left_at is None, entry.left_at or entry.joined_at


def _touched(seen: Seen, lately: timedelta) -> Iterable[Entry]:
    over = (one for one in seen.over if one.left_at and one.left_at >= seen.now - lately)
    yield from (*seen.claimed, *over)


def _handled_s(entry: Entry) -> float | None:
    if entry.state is not State.FINISHED or entry.claimed_at is None or entry.left_at is None:
        return None
    return _seconds(entry.left_at - entry.claimed_at)


def _weight(entry: Entry, now: datetime) -> float:
    return float(0.5 ** ((now - (entry.left_at or now)) / _HALF_LIFE))


def _gives_up_per_s(seen: Seen, queues: set[str]) -> float:
    """Those who gave up, by all the time that anybody waited."""
    known = [one for one in (*seen.waiting, *seen.claimed, *seen.over) if one.queue in queues]
    gone = sum(one.state is State.ABANDONED for one in known)
    waited = sum(_waited_s(one, seen.now) for one in known)
    return gone / waited if waited > 0 else 0.0


def _waited_s(entry: Entry, now: datetime) -> float:
    return _seconds((entry.claimed_at or entry.left_at or now) - entry.joined_at)


def _coming(entry: Entry, seen: Seen, queues: set[str], ageing: Ageing) -> tuple[Coming, ...]:
    """Each priority above the caller's, as often as it came."""
    while_s = _seconds(seen.now - seen.since)
    known = (*seen.waiting, *seen.claimed, *seen.over)
    higher = [
        one.priority
        for one in known
        if one.queue in queues and one.priority > entry.priority and one.joined_at >= seen.since
    ]
    if not while_s:
        return ()
    return tuple(
        Coming(
            per_s=higher.count(priority) / while_s,
            for_s=_seconds((priority - entry.priority) * ageing.point),
        )
        for priority in sorted(set(higher))
    )


def _seconds(span: timedelta) -> float:
    return max(0.0, span.total_seconds())
