"""How many callers desks can take out of a queue in a second."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import TypeVar

from ivr.call import CallId, Language
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.queue.waiting import Able, WaitingRoom

T = TypeVar("T")

Clock = Callable[[], float]
"""Seconds that only count up."""

_JOINED = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """One round of desks that take callers until nobody waits any more."""

    joined_ms: tuple[float, ...]
    claimed_ms: tuple[float, ...]
    took_s: float
    """For all of the claims."""

    twice: int
    """Callers whom two desks took."""

    @property
    def per_second(self) -> float:
        return len(self.claimed_ms) / self.took_s


def measure_claims(
    room: WaitingRoom, *, round_: int, callers: int, desks: int, clock: Clock = perf_counter
) -> Claims:
    """So many callers join, then so many desks at the same time take the next one and the next."""
    joined = [_timed(partial(room.join, one), clock)[0] for one in _callers(round_, callers)]
    begun = clock()
    with ThreadPoolExecutor(desks) as threads:
        taken = list(threads.map(lambda desk: _taken(room, desk, clock), range(desks)))
    took_s = clock() - begun
    claims = [claim for desk in taken for claim in desk]
    return Claims(
        joined_ms=tuple(joined),
        claimed_ms=tuple(ms for ms, _ in claims),
        took_s=took_s,
        twice=len(claims) - len({entry.id for _, entry in claims}),
    )


def _taken(room: WaitingRoom, desk: int, clock: Clock) -> Sequence[tuple[float, Entry]]:
    agent = AgentId(f"agent-{desk}")
    able = Able(agent=agent, queues=None, languages=frozenset(Language))
    taken: list[tuple[float, Entry]] = []
    while True:
        ms, entry = _timed(partial(room.claim_next, able, _JOINED), clock)
        if entry is None:
            return taken
        taken.append((ms, entry))


def _callers(round_: int, count: int) -> Iterator[Entry]:
    for number in range(count):
        name = f"{round_}-{number}"
        yield Entry(
            id=EntryId(f"e-{name}"),
            call_id=CallId(f"call-{name}"),
            token=ContextToken(f"token-{name}"),
            queue="agents",
            language=Language.GERMAN,
            priority=50 + number % 3,
            reasons=("measured",),
            intent="refund",
            joined_at=_JOINED,
        )


def _timed(what: Callable[[], T], clock: Clock) -> tuple[float, T]:
    begun = clock()
    found = what()
    return 1_000 * (clock() - begun), found
