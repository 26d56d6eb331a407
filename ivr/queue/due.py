"""Who has waited so long that something must happen: further ahead, or to another queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.queue.changes import Move
from ivr.queue.entry import Entry, EntryId
from ivr.queue.queues import Elsewhere, QueueRules, Queues
from ivr.queue.waiting import WaitingRoom

_HIGHEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One caller who is to be moved, as they were seen."""

    entry: EntryId
    move: Move


def due(entries: Iterable[Entry], now: datetime, queues: Queues) -> tuple[Due, ...]:
    """What the rules ask for now; each of them once a caller.

    Raises:
        BadQueues: there are no rules for a queue.
    """
    moves = ((entry, _move(entry, now, queues)) for entry in entries if entry.is_live)
    return tuple(Due(entry=entry.id, move=move) for entry, move in moves if move)


def carry_out(room: WaitingRoom, now: datetime, queues: Queues) -> int:
    """How many were moved. Whoever was taken meanwhile stays where they are.

    Raises:
        BadQueues: there are no rules for a queue.
        StoreUnavailable: the callers cannot be read or moved; those before it were.
    """
    return sum(
        room.move(
            one.entry,
            queue=one.move.queue,
            priority=one.move.priority,
            reason=one.move.reason,
            skills=one.move.skills,
            seen=one.move.seen,
        )
        is not None
        for one in due(room.waiting(now=now), now, queues)
    )


def _move(entry: Entry, now: datetime, queues: Queues) -> Move | None:
    rules, waited = queues.of(entry.queue), now - entry.joined_at
    return (
        _when_closed(entry, rules, now, queues)
        or _overflow(entry, rules, waited, now, queues)
        or _escalation(entry, rules, waited)
    )


def _when_closed(entry: Entry, rules: QueueRules, now: datetime, queues: Queues) -> Move | None:
    """Whoever is to be rung back is rung when it opens."""
    if entry.is_call_back or not isinstance(rules.closed, Elsewhere) or rules.is_open(now):
        return None
    to = rules.closed.queue
    return _to(entry, queues, to, f"queue {entry.queue} has closed -> queue {to}")


def _overflow(
    entry: Entry, rules: QueueRules, waited: timedelta, now: datetime, queues: Queues
) -> Move | None:
    if rules.overflow is None or waited < timedelta(seconds=rules.overflow.after_s):
        return None
    there = queues.of(rules.overflow.to)
    if not there.is_open(now) or entry.language not in there.languages:
        return None
    why = f"waited {rules.overflow.after_s} s in queue {entry.queue} -> queue {rules.overflow.to}"
    return _to(entry, queues, rules.overflow.to, why)


def _to(entry: Entry, queues: Queues, queue: str, why: str) -> Move | None:
    """Once from each to each: two queues that overflow into one another do not toss callers."""
    if why in entry.reasons or queue == entry.queue:
        return None
    return Move(
        queue=queue,
        priority=entry.priority,
        reason=why,
        skills=(entry.skills - queues.of(entry.queue).skills) | queues.of(queue).skills,
        seen=entry.version,
    )


def _escalation(entry: Entry, rules: QueueRules, waited: timedelta) -> Move | None:
    rule = rules.escalation
    if rule is None or waited < timedelta(seconds=rule.after_s):
        return None
    begins = f"waited {rule.after_s} s, "
    if any(reason.startswith(begins) for reason in entry.reasons):
        return None
    priority = min(_HIGHEST, entry.priority + rule.by)
    if priority == entry.priority:
        return None
    return Move(
        queue=entry.queue,
        priority=priority,
        reason=f"{begins}{rule.by} points ahead -> priority {priority}",
        seen=entry.version,
    )
