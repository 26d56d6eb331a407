"""The port to calls that several workers share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from ivr.call import CallId
from ivr.sharing.place import Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Generic[T]):
    """A call in this worker's hands: nobody else changes it until it is given back or lost."""

    call_id: CallId
    place: Place
    kept: T
    was_broken: bool = False
    """Whoever had it in hand before died over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[T]):
    """A call as it was last kept."""

    kept: T
    place: Place
    is_held: bool
    """A worker that is alive has it in hand."""

    is_broken: bool
    """One that is gone had it in hand."""


class SharedCalls(Protocol[T]):
    """Calls by their ids. Every thread and process may use the same ones.

    Methods raise StoreUnavailable where calls cannot be read or kept; then nothing has changed.
    """

    def hold(
        self, call_id: CallId, now: datetime, begins: Callable[[], T], *, turn: str = ""
    ) -> Held[T] | None:
        """Take a call in hand, which may begin so; None while another turn of it is answered.

        `turn` is told to whoever comes meanwhile.
        """

    def seize(self, call_id: CallId, now: datetime) -> Held[T] | None:
        """Take it out of anybody's hands; None where there is no such call."""

    def keep(self, held: Held[T], kept: T, now: datetime, *, is_free: bool) -> Place | None:
        """Keep what it came to, and give it back if it `is_free`; None where it was lost."""

    def give_back(self, held: Held[T]) -> None:
        """As it was before; one that was broken is found so again, a little later."""

    def drop(self, held: Held[T]) -> bool:
        """Nothing of it is kept any more; False where it was lost, and somebody else has it."""

    def see(self, call_id: CallId, now: datetime) -> Seen[T] | None: ...

    def leave(self, call_id: CallId, now: datetime) -> Held[T] | None:
        """The caller hung up: the call in hand, to be ended.

        None where there is none, or while it is in somebody's hands, who finds it noted.
        """

    def asked(self, call_id: CallId) -> None:
        """The gateway wants to know how the call goes on."""

    def beat(self, now: datetime) -> int:
        """This worker is alive; how many calls it has in hand."""

    def left_behind(self, now: datetime) -> tuple[Held[T], ...]:
        """Take in hand what nobody comes back to: the worker is gone, the caller is, or both.

        What cannot be read any more is forgotten once it is idle.
        """
