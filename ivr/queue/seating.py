"""Where a caller waits: what the queue's rules make of what was decided."""

from dataclasses import dataclass, replace
from datetime import datetime

from ivr.call import Language
from ivr.queue.entry import Entry
from ivr.queue.queues import Elsewhere, QueueRules, Queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A queue, and why it is this one."""

    queue: str
    rules: QueueRules
    is_open: bool
    reasons: tuple[str, ...] = ()


def seat(queues: Queues, queue: str, language: Language, now: datetime) -> Seat:
    """The queue itself, or another while it is closed or does not speak the caller's language.

    That is the one which is named for when it is closed, and the one that it overflows into.

    Raises:
        BadQueues: there are no rules for it.
    """
    reasons: list[str] = []
    rules = queues.of(queue)
    while isinstance(rules.closed, Elsewhere) and not rules.is_open(now):
        reasons.append(f"queue {queue} is closed -> queue {rules.closed.queue}")
        queue = rules.closed.queue
        rules = queues.of(queue)
    if language not in rules.languages and rules.overflow:
        there = queues.of(rules.overflow.to)
        if language in there.languages:
            reasons.append(f"queue {queue} does not speak {language} -> queue {rules.overflow.to}")
            queue, rules = rules.overflow.to, there
    return Seat(queue=queue, rules=rules, is_open=rules.is_open(now), reasons=tuple(reasons))


def seated(queues: Queues, entry: Entry) -> Entry:
    """The entry as it is to join.

    Raises:
        BadQueues: there are no rules for its queue.
    """
    there = seat(queues, entry.queue, entry.language, entry.joined_at)
    return replace(
        entry,
        queue=there.queue,
        skills=entry.skills | there.rules.skills,
        reasons=(*entry.reasons, *there.reasons),
    )
