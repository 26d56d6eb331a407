"""Callers who wait for a person, put together for calls, desks and commands."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine
from ivr.call import Language, Line
from ivr.decide.policy import Policy
from ivr.errors import BadQueues
from ivr.queue.announce import Manner, Promised, announcement
from ivr.queue.changes import Lease
from ivr.queue.due import carry_out
from ivr.queue.entry import ContextToken, Entry, EntryId, State
from ivr.queue.estimate import Estimate, estimate
from ivr.queue.order import Ageing
from ivr.queue.outlook import Seen, outlook
from ivr.queue.queues import Queues, read_queues
from ivr.queue.seating import seat, seated
from ivr.queue.waiting import WaitingRoom
from ivr.settings import QueueSettings
from ivr.wiring.records import now

log = logging.getLogger(__name__)

_LOOKS_BACK = timedelta(minutes=90)
_LOOKS_EVERY = timedelta(seconds=2)
"""Callers who ask at the same time are answered from one look at the room."""

_MOST_PROMISES = 10_000


@dataclass(frozen=True)
class Queueing:
    """Made when first needed. Every thread may use it."""

    settings: QueueSettings
    engine: Callable[[], Engine]
    claimed: Callable[[bool], object] = lambda _is_taken: None
    """Told how every try to take a caller ended."""

    _looks: list[Seen] = field(default_factory=list, init=False)
    _promises: OrderedDict[EntryId, Promised] = field(default_factory=OrderedDict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    @cached_property
    def queues(self) -> Queues:
        """The rules of all queues.

        Raises:
            BadQueues: the file cannot be used; says where.
        """
        return read_queues(self.settings.file)

    @cached_property
    def ageing(self) -> Ageing:
        return Ageing(points_per_minute=self.settings.points_per_minute)

    @cached_property
    def room(self) -> WaitingRoom:
        from ivr.wiring.counted_room import CountedRoom

        lease = Lease(
            silent=timedelta(seconds=self.settings.lease_s),
            longest_call=timedelta(minutes=self.settings.longest_call_min),
        )
        return CountedRoom(self.engine(), self.ageing, lease, self.claimed)

    def check(self, policy: Policy) -> None:
        """Refuse a policy that sends callers to queues nobody wrote rules for.

        Raises:
            BadQueues: says which.
        """
        self.queues.check(policy.queues)

    def seated(self, entry: Entry) -> Entry:
        """As it is to join: with the skills of its queue, or elsewhere while that is closed.

        Where there are no rules for its queue it stays as it is: nobody is lost by that.
        """
        try:
            return seated(self.queues, entry)
        except BadQueues:
            log.warning("a caller joins a queue without rules")
            return entry

    def told(self, token: str, now: datetime) -> tuple[Line, ...]:
        """What the caller hears next; nothing where nothing is known or nobody waits."""
        try:
            entry = self.room.of_token(ContextToken(token))
            if entry is None or entry.state is not State.WAITING:
                return ()
            return self._told(entry, now)
        except (StoreUnavailable, BadQueues) as err:
            log.warning("nothing can be told to a caller who waits", extra={"code": err.code})
            return ()

    def left(self, token: str, now: datetime) -> None:
        """The caller hung up."""
        try:
            self.room.leave(ContextToken(token), now)
        except StoreUnavailable:
            log.warning("a caller who hung up still waits")

    def call_back(self, token: str) -> tuple[Line, ...]:
        """The caller is to be rung, and hears so; nothing where the call was taken or is over.

        Raises:
            StoreUnavailable: it cannot be kept; nothing has changed.
        """
        entry = self.room.call_back(ContextToken(token))
        is_noted = entry is not None and entry.state is State.CALL_BACK
        return (Line(key="queue.call_back_noted"),) if is_noted else ()

    def expected(self, entry: Entry, now: datetime) -> Estimate | None:
        """How long it will be; None where nobody is seen at work.

        Raises:
            StoreUnavailable: callers cannot be read.
        """
        lately = timedelta(minutes=self.settings.seen_lately_min)
        return estimate(outlook(entry, self._seen(now), self.queues, self.ageing, lately=lately))

    def transfer(self, entry: Entry, queue: str, reason: str) -> Entry | None:
        """To another queue, with the skills that it needs; None where it is over or has changed.

        Raises:
            StoreUnavailable: it cannot be kept; nothing has changed.
        """
        own = entry.skills - self.queues.of(entry.queue).skills
        return self.room.move(
            entry.id,
            queue=queue,
            priority=entry.priority,
            reason=reason,
            skills=own | self.queues.of(queue).skills,
            seen=entry.version,
        )

    def expected_s(self, entry: Entry) -> tuple[int, int] | None:
        """Between how many seconds it will be; None where nobody knows or the store is gone."""
        try:
            expected = self.expected(entry, now()) if entry.is_live else None
        except (StoreUnavailable, BadQueues):
            return None
        return (expected.low_s, expected.high_s) if expected else None

    def words(self, queue: str, language: Language) -> str:
        """A queue as people read it."""
        rules = self.queues.queues.get(queue)
        return rules.name.get(language, queue) if rules else queue

    def tend(self, now: datetime) -> int:
        """What has to be done every minute; how many callers were moved.

        Raises:
            StoreUnavailable: callers cannot be read or moved; those before it were.
        """
        self.room.forget_before(now - timedelta(days=self.settings.keep_days))
        return carry_out(self.room, now, self.queues)

    def _told(self, entry: Entry, now: datetime) -> tuple[Line, ...]:
        key = entry.id
        with self._lock:
            last = self._promises.get(key)
        there = seat(self.queues, entry.queue, entry.language, now)
        expected = self.expected(entry, now) if there.is_open else None
        told = announcement(expected, there, self._manner, now, last)
        with self._lock:
            self._promises[key] = told.promised
            self._promises.move_to_end(key)
            while len(self._promises) > _MOST_PROMISES:
                self._promises.popitem(last=False)
        return told.lines

    @property
    def _manner(self) -> Manner:
        return Manner(
            costs=self.settings.wait_costs,
            tells_position=self.settings.tell_position,
            offers_call_back_after_min=self.settings.offer_call_back_after_min,
        )

    def _seen(self, now: datetime) -> Seen:
        with self._lock:
            if self._looks and timedelta() <= now - self._looks[0].now < _LOOKS_EVERY:
                return self._looks[0]
        since = now - _LOOKS_BACK
        seen = Seen(
            waiting=self.room.waiting(now=now),
            claimed=self.room.claimed(),
            over=self.room.over_since(since),
            since=since,
            now=now,
        )
        with self._lock:
            self._looks[:] = [seen]
        return seen
