"""What the desk shows of those who wait."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr.call import Language
from ivr.pages.desk.board import Snapshot
from ivr.pages.desk.work import able
from ivr.pages.reasons import kind_of
from ivr.people.person import May, Person
from ivr.queue.entry import Entry

IntentWords = Callable[[str, Language], str]
"""What somebody wants to do, as offers put it; the intent's name where nobody has words for it."""


QueueWords = Callable[[str, Language], str]
"""A queue as people read it."""


def as_named(queue: str, language: Language) -> str:
    """The name that rules use."""
    del language
    return queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One who waits: nothing of who it is."""

    entry: Entry
    waited_s: int
    can_take: bool

    @property
    def why(self) -> tuple[str, ...]:
        """Kinds of reasons, each once, that the words of the pages are named by."""
        kinds = (kind_of(reason.split(" -> ")[0]) for reason in self.entry.reasons)
        return tuple(dict.fromkeys(kinds))

    @property
    def waited(self) -> str:
        return minutes(self.waited_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Those whom somebody sees, first to go first, and those they have taken."""

    rows: tuple[Row, ...]
    mine: tuple[Row, ...]
    is_fresh: bool


def queue_of(snapshot: Snapshot, person: Person, now: datetime) -> Queue:
    """Of the queues that they serve."""
    takes = able(person)
    served = [one for one in snapshot.waiting if takes.queues is None or one.queue in takes.queues]
    may = person.may(May.TAKE_CALLS)
    mine = (one for one in snapshot.claimed if one.claimed_by == takes.agent)
    return Queue(
        rows=tuple(_row(one, now, can_take=may and takes.can_take(one)) for one in served),
        mine=_rows(mine, now),
        is_fresh=snapshot.is_fresh,
    )


def minutes(seconds: int) -> str:
    """As a clock shows it: 12:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def _rows(entries: Iterable[Entry], now: datetime) -> tuple[Row, ...]:
    return tuple(_row(one, now, can_take=False) for one in entries)


def _row(entry: Entry, now: datetime, *, can_take: bool) -> Row:
    since = entry.claimed_at or entry.joined_at
    return Row(entry=entry, waited_s=max(0, int((now - since).total_seconds())), can_take=can_take)
