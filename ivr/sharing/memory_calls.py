"""Calls that the threads of one process share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from ivr.call import CallId
from ivr.sharing.calls import Held, Seen
from ivr.sharing.place import (
    Lease,
    Place,
    given_back,
    is_broken,
    is_held,
    is_left_behind,
    taken,
)

T = TypeVar("T")


class Shelf(Generic[T]):
    """What workers of a test, or of one process, put their calls on."""

    def __init__(self) -> None:
        self.rows: dict[CallId, tuple[Place, T]] = {}
        self.lock = Lock()


class MemoryCalls(Generic[T]):
    """One worker's hands on a shelf."""

    def __init__(
        self, shelf: Shelf[T] | None = None, *, worker: str = "one", lease: Lease | None = None
    ) -> None:
        self._shelf = shelf or Shelf[T]()
        self._worker = worker
        self._lease = lease or Lease()
        self._in_hand: set[CallId] = set()

    def hold(
        self, call_id: CallId, now: datetime, begins: Callable[[], T], *, turn: str = ""
    ) -> Held[T] | None:
        with self._shelf.lock:
            row = self._shelf.rows.get(call_id)
            place, kept = row or (Place(name=call_id, heard_at=now), begins())
            if is_held(place, now):
                return None
            return self._taken(call_id, place, kept, now, turn)

    def seize(self, call_id: CallId, now: datetime) -> Held[T] | None:
        with self._shelf.lock:
            row = self._shelf.rows.get(call_id)
            return self._taken(call_id, *row, now) if row else None

    def keep(self, held: Held[T], kept: T, now: datetime, *, is_free: bool) -> Place | None:
        with self._shelf.lock:
            place = self._mine(held)
            if place is None or is_free:
                self._in_hand.discard(held.call_id)
            if place is None:
                return None
            place = replace(place, heard_at=now)
            place = given_back(place) if is_free else place
            self._shelf.rows[held.call_id] = (place, kept)
            return place

    def give_back(self, held: Held[T]) -> None:
        with self._shelf.lock:
            self._in_hand.discard(held.call_id)
            place = self._mine(held)
            if place is not None and not held.was_broken:
                kept = self._shelf.rows[held.call_id][1]
                self._shelf.rows[held.call_id] = (given_back(place), kept)

    def drop(self, held: Held[T]) -> bool:
        with self._shelf.lock:
            self._in_hand.discard(held.call_id)
            is_mine = self._mine(held) is not None
            if is_mine:
                del self._shelf.rows[held.call_id]
            return is_mine

    def see(self, call_id: CallId, now: datetime) -> Seen[T] | None:
        with self._shelf.lock:
            row = self._shelf.rows.get(call_id)
        if row is None:
            return None
        place, kept = row
        return Seen(
            kept=kept, place=place, is_held=is_held(place, now), is_broken=is_broken(place, now)
        )

    def leave(self, call_id: CallId, now: datetime) -> Held[T] | None:
        with self._shelf.lock:
            row = self._shelf.rows.get(call_id)
            if row is None:
                return None
            place, kept = replace(row[0], has_left=True), row[1]
            self._shelf.rows[call_id] = (place, kept)
            return None if is_held(place, now) else self._taken(call_id, place, kept, now)

    def asked(self, call_id: CallId) -> None:
        with self._shelf.lock:
            row = self._shelf.rows.get(call_id)
            if row is not None:
                self._shelf.rows[call_id] = (replace(row[0], was_asked=True), row[1])

    def beat(self, now: datetime) -> int:
        until = now + self._lease.holds
        with self._shelf.lock:
            mine = [
                name
                for name in self._in_hand & self._shelf.rows.keys()
                if self._shelf.rows[name][0].holder == self._worker
            ]
            for name in mine:
                place, kept = self._shelf.rows[name]
                self._shelf.rows[name] = (replace(place, held_until=until), kept)
        return len(mine)

    def left_behind(self, now: datetime) -> tuple[Held[T], ...]:
        with self._shelf.lock:
            found = [
                (name, *row)
                for name, row in self._shelf.rows.items()
                if is_left_behind(row[0], now, self._lease)
            ]
            return tuple(self._taken(name, place, kept, now) for name, place, kept in found)

    def _taken(
        self, call_id: CallId, place: Place, kept: T, now: datetime, turn: str = ""
    ) -> Held[T]:
        mine = taken(place, self._worker, now, self._lease, turn)
        self._shelf.rows[call_id] = (mine, kept)
        self._in_hand.add(call_id)
        return Held(call_id=call_id, place=mine, kept=kept, was_broken=is_broken(place, now))

    def _mine(self, held: Held[T]) -> Place | None:
        """As it stands, where it was not lost."""
        row = self._shelf.rows.get(held.call_id)
        return row[0] if row is not None and row[0].version == held.place.version else None
